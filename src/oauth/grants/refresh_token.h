// The refresh token grant (RFC 6749 section 6): a refresh token for an access token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "oauth/audience_policy.h"
#include "oauth/client_authentication.h"
#include "oauth/grant.h"
#include "oauth/scope_policy.h"
#include "oauth/token_binding.h"
#include "oauth/token_minter.h"
#include "oauth/token_service_settings.h"
#include "oauth/token_standing.h"
#include "oauth/token_store.h"

namespace assay::oauth {

inline constexpr std::string_view kRefreshTokenGrantType = "refresh_token";

// An application need not be allowed this grant: it holds what it was given. But it must prove that
// it is the one to which the token was given, so that a stolen one is of no use.
class RefreshTokenGrant final : public Grant {
public:
  struct Parts {
    std::string service; // its path: tokens of another one are none here
    Clock clock;
    ClientAuthenticator clients;
    TokenStanding standing;
    ScopePolicy scopes;
    AudiencePolicy audiences;
    TokenBinding binding;
    RefreshTokenSettings settings;
    TokenMinter minter;
    crypto::Random random;
    TokenStore& tokens;
  };

  explicit RefreshTokenGrant(Parts parts) : parts_(std::move(parts)) {}

  Task<Result<MintedToken>> grant(TokenRequest request, GrantTrace& trace) override;

private:
  Task<Result<MintedToken>> repeated(std::optional<MintedToken> answer, TokenBounds asked,
                                     TimePoint now, GrantTrace& trace) const;
  Redemption redemption(Mint mint, const ProvenClient& client, const TokenRecord& refresh,
                        const Secret& presented, TimePoint now) const;

  Parts parts_;
};

} // namespace assay::oauth
