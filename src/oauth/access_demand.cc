#include "oauth/access_demand.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "oauth/audience_list.h"
#include "oauth/quotation.h"

namespace assay::oauth {

namespace {

// The scopes lie in the record with a space between.
bool has_scope(std::string_view scopes, std::string_view scope) {
  while (!scopes.empty()) {
    const std::size_t end = std::min(scopes.find(' '), scopes.size());
    if (scopes.substr(0, end) == scope) return true;
    scopes.remove_prefix(std::min(end + 1, scopes.size()));
  }
  return false;
}

bool has_scopes(const TokenRecord& token, const AccessDemand& demand) {
  const auto granted = [&](const std::string& scope) { return has_scope(token.scope, scope); };
  if (demand.scopes.empty()) return true;
  return demand.match == ScopeMatch::all ? std::ranges::all_of(demand.scopes, granted)
                                         : std::ranges::any_of(demand.scopes, granted);
}

} // namespace

Result<void> check_access(const TokenRecord& token, const AccessDemand& demand) {
  if (token.kind != TokenKind::access)
    return refuse(Reason::token_not_served, "expected an access token; found a refresh token");
  const auto is_for = [&](const std::string& uri) { return names_audience(token.audience, uri); };
  if (std::ranges::none_of(demand.audiences, is_for))
    return refuse(Reason::token_audience_mismatch,
                  fmt::format("expected {}; found {}",
                              quote(fmt::format("{}", fmt::join(demand.audiences, " or "))),
                              quote(token.audience)));
  if (!has_scopes(token, demand))
    return refuse(
        Reason::scope_insufficient,
        fmt::format("expected {} of {}; found {}", demand.match == ScopeMatch::all ? "all" : "any",
                    quote(fmt::format("{}", fmt::join(demand.scopes, " "))), quote(token.scope)));
  return {};
}

} // namespace assay::oauth
