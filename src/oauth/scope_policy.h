// Which scopes a token gets (RFC 6749 section 3.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "oauth/token_service_settings.h"
#include "registry/application.h"

namespace assay::oauth {

inline constexpr std::size_t kScopesAskedMax = 100;

struct ScopePolicy {
  bool validate = true;
  ScopeMatch match = ScopeMatch::any;
};

struct ScopeAsked {
  std::optional<std::string_view> parameter; // `scope` of the request
  std::optional<std::string_view> claim;     // `scope` of the assertion; empty counts as absent
};

// The granted scopes, space-separated, each once, in the order in which they were asked for. The
// parameter is what is asked; without it the claim; with both, the parameter must lie within the
// claim. With nothing asked: the application's default scopes, never everything. Reasons:
// scope_malformed, scope_exceeds_assertion, scope_not_allowed.
Result<std::string> grant_scopes(const ScopeAsked& asked, const registry::Application& application,
                                 ScopePolicy policy);

// The same for a refresh token (RFC 6749 section 6): nothing beyond `granted`, and of that only
// what is still registered. With nothing asked: all of it. Reasons: scope_malformed,
// scope_exceeds_grant, scope_not_allowed.
Result<std::string> refresh_scopes(std::optional<std::string_view> asked, std::string_view granted,
                                   const registry::Application& application, ScopePolicy policy);

} // namespace assay::oauth
