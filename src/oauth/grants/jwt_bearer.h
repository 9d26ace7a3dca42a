// The JWT bearer grant (RFC 7523 section 2.1): an assertion for an access token.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "oauth/assertion_verifier.h"
#include "oauth/audience_policy.h"
#include "oauth/client_authentication.h"
#include "oauth/grant.h"
#include "oauth/scope_policy.h"
#include "oauth/token_binding.h"
#include "oauth/token_issuance.h"

namespace assay::oauth {

inline constexpr std::string_view kJwtBearerGrantType =
    "urn:ietf:params:oauth:grant-type:jwt-bearer";

class JwtBearerGrant final : public Grant {
public:
  struct Parts {
    std::string service; // its path: what replay claims are kept apart by
    Clock clock;
    SenderLookup senders;
    AssertionLimits limits;
    AssertionVerifier verifier;
    ClientAuthenticator clients; // of the same applications
    ScopePolicy scopes;
    AudiencePolicy audiences;
    TokenBinding binding;
    TokenIssuance issuance;
  };

  explicit JwtBearerGrant(Parts parts) : parts_(std::move(parts)) {}

  Task<Result<MintedToken>> grant(TokenRequest request, GrantTrace& trace) override;

private:
  Task<Result<std::optional<ProvenClient>>>
  client_beside(ClientCredentials credentials, const std::string& issuer, TimePoint now) const;
  std::optional<ReplayClaim> claim_of(const VerifiedAssertion& assertion) const;

  Parts parts_;
};

} // namespace assay::oauth
