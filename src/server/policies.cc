#include "server/policies.h"

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

std::string token_url(const std::string& issuer, const oauth::TokenServiceSettings& service) {
  const std::size_t authority = issuer.find("://") + 3;
  return issuer.substr(0, issuer.find('/', authority)) + service.path;
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

} // namespace assay::server
