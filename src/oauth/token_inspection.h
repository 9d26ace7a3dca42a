// What a token is worth right now: for introspection (RFC 7662), token info and the check that
// gateways ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"
#include "oauth/sender_lookup.h"
#include "oauth/token_standing.h"
#include "oauth/token_store.h"
#include "oauth/unstored_tokens.h"
#include "registry/application.h"

namespace assay::oauth {

// Thread-safe.
class TokenInspection {
public:
  // `askers` finds who asks, in whatever registry. `issuer` is the audience that an application
  // which registered none serves.
  struct Parts {
    TokenStore& tokens;
    UnstoredTokens unstored;
    TokenStanding standing;
    ApplicationLookup askers;
    std::string issuer;
  };

  explicit TokenInspection(Parts parts) : parts_(std::move(parts)) {}

  // A live token, for whoever may see all; an unstored one without asking the store, which may be
  // away still. Reasons: token_unknown, token_rotated, and those of TokenStanding.
  Task<Result<TokenRecord>> look_up(Secret token, TimePoint now) const;

  // The token if it is an unstored one: nobody can revoke it by itself.
  std::optional<TokenRecord> find_unstored(std::string_view token, TimePoint now) const {
    return parts_.unstored.read(token, now);
  }

  // Whether the asker may know of it: its own, and access tokens for an API that the asker may
  // introspect for. To others it counts as none (RFC 7662 section 2.2). Reason: token_not_served.
  Result<void> check_visible(const TokenRecord& record, const registry::Application& asker) const;

  // Whether it was issued to the asker. An id alone does not say so: the registries of two services
  // can have the same one for different applications.
  bool is_owner(const registry::Application& asker, const TokenRecord& record) const;

private:
  bool serves(const registry::Application& asker, std::string_view audience) const;

  Parts parts_;
};

} // namespace assay::oauth
