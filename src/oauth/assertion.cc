#include "oauth/assertion.h"

namespace assay::oauth {

Result<UnverifiedAssertion> parse_assertion(std::string_view text, const AssertionLimits& limits) {
  auto jws = jose::parse_compact_jws(text, limits.jws);
  if (!jws) return std::unexpected(std::move(jws.error()));

  auto claims = jose::parse_claims(jws->payload, limits.claims);
  if (!claims) return std::unexpected(std::move(claims.error()));
  if (!claims->issuer) return refuse(Reason::issuer_missing, "expected the claim iss");

  std::string issuer = *claims->issuer;
  return UnverifiedAssertion{std::move(*jws), std::move(*claims), std::move(issuer)};
}

} // namespace assay::oauth
