// What a token is worth right now: for introspection (RFC 7662), token info and the check that
// gateways ask for.
#pragma once

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
#include "registry/application.h"

namespace assay::oauth {

// Thread-safe.
class TokenInspection {
public:
  // `askers` finds who asks, in whatever registry. `issuer` is the audience that an application
  // which registered none serves.
  TokenInspection(TokenStore& tokens, TokenStanding standing, ApplicationLookup askers,
                  std::string issuer)
      : tokens_(tokens), standing_(std::move(standing)), askers_(std::move(askers)),
        issuer_(std::move(issuer)) {}

  // A live token, for whoever may see all. Reasons: token_unknown, token_rotated, and those of
  // TokenStanding.
  Task<Result<TokenRecord>> look_up(Secret token, TimePoint now) const;

  // Whether the asker may know of it: its own, and access tokens for an API that the asker may
  // introspect for. To others it counts as none (RFC 7662 section 2.2). Reason: token_not_served.
  Result<void> check_visible(const TokenRecord& record, const registry::Application& asker) const;

  // Whether it was issued to the asker. An id alone does not say so: the registries of two services
  // can have the same one for different applications.
  bool is_owner(const registry::Application& asker, const TokenRecord& record) const;

private:
  bool serves(const registry::Application& asker, std::string_view audience) const;

  TokenStore& tokens_;
  TokenStanding standing_;
  ApplicationLookup askers_;
  std::string issuer_;
};

} // namespace assay::oauth
