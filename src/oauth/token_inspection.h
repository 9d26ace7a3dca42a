// What a token is worth right now: for introspection (RFC 7662) and token info.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"
#include "base/task.h"
#include "oauth/client_authentication.h"
#include "oauth/token_store.h"
#include "registry/application.h"

namespace assay::oauth {

// Thread-safe.
class TokenInspection {
public:
  // The application that a token was issued to, in the registry of the service that issued it.
  using OwnerLookup =
      std::function<std::shared_ptr<const registry::Application>(const TokenRecord& record)>;

  // `issuer` is the audience that an application which registered none serves.
  TokenInspection(TokenStore& tokens, OwnerLookup owners, std::string issuer)
      : tokens_(tokens), owners_(std::move(owners)), issuer_(std::move(issuer)) {}

  // The record if the token is live, its application is there and enabled, and it is the asker's
  // own or an access token for an API that the asker may introspect for. Else none, with no word of
  // which it was (RFC 7662 section 2.2). `asker` outlives the task.
  Task<std::optional<TokenRecord>> inspect(Secret token, const registry::Application& asker,
                                           TimePoint now) const;

private:
  bool may_see(const registry::Application& asker, const TokenRecord& record) const;
  bool serves(const registry::Application& asker, std::string_view audience) const;

  TokenStore& tokens_;
  OwnerLookup owners_;
  std::string issuer_;
};

} // namespace assay::oauth
