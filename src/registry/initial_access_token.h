// An initial access token (RFC 7591 section 3): whoever has it may register applications within the
// limits that its row in the KPS sets.
//
//   table  InitialAccessTokens
//   key    the id, which is public: it begins the token
//   value  {"sha256", "created_at", "expires_at", "uses_left", "registry", "scopes", "grants",
//           "auth_methods", "resources", "dpop_bound", "tls_bound"}
//
// Without `uses_left` it can be used until it expires.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "base/strict_json.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "registry/application.h"
#include "registry/field_fault.h"
#include "registry/property_store.h"

namespace assay::registry {

inline constexpr std::int64_t kRegistrationUsesMax = 1'000'000;

// All that a client can give itself.
struct RegistrationCeiling {
  std::vector<RegisteredScope> scopes; // the default ones are those of a client that names none
  std::vector<GrantType> grants;
  std::vector<AuthMethod> auth_methods;
  std::vector<std::string> resources; // every client has these; empty: the service's default
  // Whether every client's access tokens have to be bound, as it cannot undo.
  bool dpop_bound = false;
  bool tls_bound = false;
};

enum class InitialAccessTokenState { live, expired, used_up };

std::string_view name(InitialAccessTokenState state);

struct InitialAccessToken {
  std::string id;
  crypto::Digest digest; // of the whole token
  TimePoint created_at;
  TimePoint expires_at;
  std::optional<std::int64_t> uses_left; // none: any number
  std::string registry;                  // the table that it registers applications in
  RegistrationCeiling ceiling;
  Version version = 0;

  InitialAccessTokenState state_at(TimePoint now) const;
};

// A new token, which is not written yet. Its text is shown once: the row has the digest alone.
struct NewInitialAccessToken {
  Secret text;
  InitialAccessToken token;
};
NewInitialAccessToken make_initial_access_token(InitialAccessToken wanted,
                                                const crypto::Random& random);

// The id that a token begins with; none if it is no token of this form.
std::optional<std::string_view> initial_access_token_id(std::string_view text);

json::object to_record(const InitialAccessToken& token);

// Every member is checked: an operator may have written the row by hand, or asked for one that
// cannot be.
std::expected<InitialAccessToken, FieldFaults>
parse_initial_access_token(std::string_view id, const json::value& record);

} // namespace assay::registry
