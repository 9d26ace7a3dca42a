#include "oauth/scope_policy.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "oauth/quotation.h"
#include "registry/scope_library.h"

namespace assay::oauth {

namespace {

using Scopes = std::vector<std::string_view>;

bool has(const Scopes& scopes, std::string_view scope) {
  return std::ranges::find(scopes, scope) != scopes.end();
}

Result<Scopes> split(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view scope = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (scope.empty()) continue;
    if (!registry::is_scope_token(scope))
      return refuse(Reason::scope_malformed,
                    "a scope of up to 128 characters that RFC 6749 allows");
    if (!has(scopes, scope)) scopes.push_back(scope);
    if (scopes.size() > kScopesAskedMax)
      return refuse(Reason::scope_malformed, fmt::format("more than {} scopes", kScopesAskedMax));
  }
  return scopes;
}

Result<Scopes> split(std::optional<std::string_view> text) {
  return split(text.value_or(std::string_view{}));
}

Scopes default_scopes(const registry::Application& application) {
  Scopes scopes;
  for (const auto& scope : application.scopes)
    if (scope.is_default) scopes.push_back(scope.name);
  return scopes;
}

Scopes registered_among(const Scopes& asked, const registry::Application& application) {
  Scopes scopes;
  std::ranges::copy_if(asked, std::back_inserter(scopes), [&](std::string_view scope) {
    return std::ranges::any_of(application.scopes, [&](const auto& s) { return s.name == scope; });
  });
  return scopes;
}

std::string joined(const Scopes& scopes) { return fmt::format("{}", fmt::join(scopes, " ")); }

// Of what is wanted, and within the ceiling of the request, what the application may have.
Result<std::string> granted_of(const Scopes& wanted, const registry::Application& application,
                               ScopePolicy policy) {
  if (!policy.validate) return joined(wanted);
  const Scopes granted = registered_among(wanted, application);
  const bool enough =
      policy.match == ScopeMatch::all ? granted.size() == wanted.size() : !granted.empty();
  if (!enough)
    return refuse(
        Reason::scope_not_allowed,
        fmt::format("expected {} of the registered scopes; found {}, of which {} registered",
                    policy.match == ScopeMatch::all ? "all" : "any", quote(joined(wanted)),
                    granted.size()));
  return joined(granted);
}

} // namespace

Result<std::string> grant_scopes(const ScopeAsked& asked, const registry::Application& application,
                                 ScopePolicy policy) {
  const auto parameter = split(asked.parameter);
  if (!parameter) return std::unexpected(parameter.error());
  const auto claim = split(asked.claim);
  if (!claim) return std::unexpected(claim.error());

  if (!claim->empty())
    for (const std::string_view scope : *parameter)
      if (!has(*claim, scope))
        return refuse(Reason::scope_exceeds_assertion,
                      fmt::format("expected within {}; found {}", quote(*asked.claim), scope));

  const Scopes& wanted = parameter->empty() ? *claim : *parameter;
  if (wanted.empty()) return joined(default_scopes(application));
  return granted_of(wanted, application, policy);
}

Result<std::string> refresh_scopes(std::optional<std::string_view> asked, std::string_view granted,
                                   const registry::Application& application, ScopePolicy policy) {
  const auto wanted = split(asked);
  if (!wanted) return std::unexpected(wanted.error());
  const auto ceiling = split(granted);
  if (!ceiling) return std::unexpected(ceiling.error());

  for (const std::string_view scope : *wanted)
    if (!has(*ceiling, scope))
      return refuse(Reason::scope_exceeds_grant,
                    fmt::format("expected within {}; found {}", quote(granted), scope));
  if (!wanted->empty()) return granted_of(*wanted, application, policy);
  if (ceiling->empty()) return std::string();
  // Nobody asked for each of them: what was taken away meanwhile is left out.
  return granted_of(*ceiling, application, {policy.validate, ScopeMatch::any});
}

} // namespace assay::oauth
