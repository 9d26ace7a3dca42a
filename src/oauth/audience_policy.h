// Whom a token is for (RFC 8707): the resources that were asked for, or the service's default.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "registry/application.h"

namespace assay::oauth {

inline constexpr std::size_t kResourcesAskedMax = 32;

struct AudiencePolicy {
  std::string issuer;
  std::vector<std::string> resources; // the service's default; empty: the issuer
};

// The audience of a new token, URIs with a space between. The ceiling is the application's own list
// of resources or, without one, the service's default.
// - Asked for: exactly these, each once, in the order in which they were asked for. One that is
//   malformed or above the ceiling has all of them refused: an audience is never narrowed silently.
// - Nothing asked for: of the service's default what the ceiling allows; refused if that is
// nothing. Reasons: resource_malformed, resource_not_allowed.
Result<std::string> grant_audience(const std::vector<std::string>& asked,
                                   const registry::Application& application,
                                   const AudiencePolicy& policy);

// The same for a refresh token (RFC 8707 section 2.2): nothing beyond `granted`, the audience of
// its record. With nothing asked for: of that what the ceiling still allows.
Result<std::string> refresh_audience(const std::vector<std::string>& asked,
                                     std::string_view granted,
                                     const registry::Application& application,
                                     const AudiencePolicy& policy);

// For the audit log: empty if it is the issuer alone, as nearly always.
std::string worth_noting(const std::string& audience, const AudiencePolicy& policy);

} // namespace assay::oauth
