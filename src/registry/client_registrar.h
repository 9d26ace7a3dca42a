// Registers applications for clients that come with an initial access token (RFC 7591 section 3),
// and lets each of them manage its own record with the registration access token that it got then
// (RFC 7592 section 2). Knows nothing of HTTP.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/strict_json.h"
#include "crypto/random.h"
#include "jose/algorithm.h"
#include "registry/application.h"
#include "registry/application_editor.h"
#include "registry/client_metadata.h"
#include "registry/initial_access_tokens.h"
#include "registry/property_store.h"

namespace assay::registry {

// What came of a registration. The texts are known now and never again: the record has digests.
struct Registered {
  Application application;
  Secret client_secret;             // empty: none was made
  Secret registration_access_token; // empty: the client has it already
};

// Thread-safe. Every call blocks, and throws Unavailable. First it decides, then it commits: what
// is refused changes nothing and uses nothing up.
//
// The detail of client_metadata_invalid is for the client (RFC 7591 section 3.2.2): it names
// members of what was sent and says what they must be, and quotes none of their values.
class ClientRegistrar {
public:
  struct Parts {
    PropertyStore& store;
    std::vector<std::string> tables; // of applications, as the token services read them
    jose::Algorithm introspection_algorithm;
    crypto::Random random;
    Clock clock;
    // Has the requests of this node see what was written.
    std::function<void()> publish;
  };

  explicit ClientRegistrar(Parts parts) : parts_(std::move(parts)), tokens_(parts_.store) {}

  jose::Algorithm introspection_algorithm() const { return parts_.introspection_algorithm; }

  // Reasons: registration_token_unknown, _expired, _used_up; client_metadata_invalid,
  // redirect_uri_unsupported, software_statement_unapproved.
  Result<Registered> create(const Secret& initial_token, const json::object& metadata);

  // Reasons: registration_client_unknown, registration_client_disabled, registration_token_foreign.
  Result<Application> show(const std::string& client_id, const Secret& token);

  // All that is the client's own is replaced; what an operator set stays. Reasons: those of show()
  // and, for the metadata, of create().
  Result<Registered> replace(const std::string& client_id, const Secret& token,
                             const json::object& metadata);

  // Revokes all of its tokens, too. Reasons: those of show().
  Result<void> remove(const std::string& client_id, const Secret& token);

private:
  struct Found {
    std::string table;
    Application application;
  };
  enum class Written { yes, changed_meanwhile };

  Result<InitialAccessToken> live_token(const Secret& text);
  Result<Found> find(const std::string& client_id, const Secret& token);
  MetadataRules rules_for(const Application& application);
  Result<json::object> replacement(const Found& found, const json::object& metadata,
                                   Registered& registered);
  Result<Written> write(const Found& found, json::object record, Registered& registered);
  ApplicationEditor editor(const std::string& table) const;

  Parts parts_;
  InitialAccessTokens tokens_;
};

} // namespace assay::registry
