#include "server/policies.h"

#include <algorithm>

namespace assay::server {

oauth::AssertionLimits assertion_limits(const LimitSettings& limits) {
  oauth::AssertionLimits assertion;
  assertion.jws.bytes = limits.assertion_bytes;
  assertion.jws.key_id_bytes = limits.key_id_bytes;
  assertion.jws.json_depth = limits.json_depth;
  assertion.claims.jti_bytes = limits.jti_bytes;
  assertion.claims.json_depth = limits.json_depth;
  return assertion;
}

oauth::AssertionPolicy assertion_policy(const oauth::TokenServiceSettings& service) {
  return {.use = oauth::AssertionUse::authorization_grant,
          .audiences = service.audiences,
          .token_urls = {},
          .clock_skew = service.clock_skew,
          .longest_life = service.longest_assertion_life,
          .require_jti = service.require_jti,
          .require_subject = service.require_subject};
}

std::string url_at(const std::string& issuer, const std::string& path) {
  const std::size_t authority = issuer.find("://") + 3;
  return issuer.substr(0, issuer.find('/', authority)) + path;
}

std::string token_url(const std::string& issuer, const oauth::TokenServiceSettings& service) {
  return url_at(issuer, service.path);
}

oauth::AssertionPolicy client_assertion_policy(const Settings& settings) {
  std::vector<std::string> token_urls;
  token_urls.reserve(settings.token_services.size());
  for (const auto& service : settings.token_services)
    token_urls.push_back(token_url(settings.issuer, service));
  return {.use = oauth::AssertionUse::client_authentication,
          .audiences = {settings.issuer},
          .token_urls = std::move(token_urls),
          .clock_skew = settings.token_services.front().clock_skew,
          .longest_life = settings.token_services.front().longest_assertion_life,
          .require_jti = false,
          .require_subject = true};
}

oauth::ScopePolicy scope_policy(const oauth::TokenServiceSettings& service) {
  return {.validate = service.validate_scopes, .match = service.scope_match};
}

oauth::AudiencePolicy audience_policy(const Settings& settings,
                                      const oauth::TokenServiceSettings& service) {
  return {.issuer = settings.issuer, .resources = service.resources};
}

registry::SigningKeyPolicy signing_key_policy(const Settings& settings) {
  std::chrono::seconds longest{0};
  for (const auto& service : settings.token_services)
    longest = std::max(longest, service.access_token.lifetime);
  return {.rotate_every = settings.signing_keys.rotate_every,
          .announce_for = settings.signing_keys.announce_for,
          .token_life = longest};
}

std::vector<jose::Algorithm> signing_algorithms(const Settings& settings) {
  std::vector<jose::Algorithm> algorithms{settings.introspection.signing_algorithm};
  for (const auto& service : settings.token_services)
    if (service.access_token.format == oauth::TokenFormat::jwt)
      algorithms.push_back(service.access_token.algorithm);
  return algorithms;
}

oauth::DpopPolicy dpop_policy(const Settings& settings) {
  return {.proof_life = settings.dpop.proof_life,
          .clock_skew = settings.token_services.front().clock_skew,
          .require_nonce = settings.dpop.require_nonce};
}

} // namespace assay::server
