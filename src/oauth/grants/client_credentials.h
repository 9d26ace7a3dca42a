// The client credentials grant (RFC 6749 section 4.4): a client's own proof for an access token.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "oauth/audience_policy.h"
#include "oauth/client_authentication.h"
#include "oauth/grant.h"
#include "oauth/scope_policy.h"
#include "oauth/token_binding.h"
#include "oauth/token_issuance.h"

namespace assay::oauth {

inline constexpr std::string_view kClientCredentialsGrantType = "client_credentials";

class ClientCredentialsGrant final : public Grant {
public:
  struct Parts {
    Clock clock;
    ClientAuthenticator clients;
    ScopePolicy scopes;
    AudiencePolicy audiences;
    TokenBinding binding;
    TokenIssuance issuance;
  };

  explicit ClientCredentialsGrant(Parts parts) : parts_(std::move(parts)) {}

  Task<Result<MintedToken>> grant(TokenRequest request, GrantTrace& trace) override;

private:
  Parts parts_;
};

} // namespace assay::oauth
