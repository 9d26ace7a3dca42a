// What a protected API demands of a token, beyond that it is live (RFC 6750 section 3.1).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "oauth/token_service_settings.h"
#include "oauth/token_store.h"

namespace assay::oauth {

// A value.
struct AccessDemand {
  std::vector<std::string> scopes;
  ScopeMatch match = ScopeMatch::all;
  std::vector<std::string> audiences; // the token must be for one of these
};

// `token` is live. A refresh token opens nothing. Reasons: token_not_served,
// token_audience_mismatch, scope_insufficient.
Result<void> check_access(const TokenRecord& token, const AccessDemand& demand);

} // namespace assay::oauth
