#include "endpoints/access_query.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/url.h"
#include "http/form.h"
#include "oauth/quotation.h"
#include "registry/scope_library.h"

namespace assay::endpoints {

namespace {

using Outcome = Result<void>;

Outcome add_scopes(std::string_view value, AccessQuery& query) {
  const std::size_t before = query.demand.scopes.size();
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(' '), value.size());
    const std::string_view scope = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    if (scope.empty()) continue;
    if (!registry::is_scope_token(scope))
      return refuse(Reason::scope_malformed, "expected scopes that RFC 6749 allows");
    query.demand.scopes.emplace_back(scope);
  }
  // A gateway's variable that is empty by mistake must not open the API.
  if (query.demand.scopes.size() == before)
    return refuse(Reason::parameter_malformed, "scope: expected one at least");
  return {};
}

Outcome set_match(const std::string& value, AccessQuery& query) {
  if (value != "any" && value != "all")
    return refuse(Reason::parameter_malformed, "match: expected any or all");
  query.demand.match = value == "any" ? oauth::ScopeMatch::any : oauth::ScopeMatch::all;
  return {};
}

Outcome add_audience(const std::string& value, AccessQuery& query) {
  if (!is_absolute_uri(value)) return refuse(Reason::parameter_malformed, "aud: expected a URI");
  query.demand.audiences.push_back(value);
  return {};
}

Outcome set_errors(const std::string& value, AccessQuery& query) {
  if (value != "401") return refuse(Reason::parameter_malformed, "errors: expected 401");
  query.errors = AccessErrors::as_401;
  return {};
}

// A misspelt demand must not count as none, so what is unknown is refused.
Outcome take(const http::FormField& field, AccessQuery& query) {
  if (field.name == "scope") return add_scopes(field.value, query);
  if (field.name == "match") return set_match(field.value, query);
  if (field.name == "aud") return add_audience(field.value, query);
  if (field.name == "errors") return set_errors(field.value, query);
  // RFC 6750 section 2.3, which is not supported: URLs end up in logs.
  if (field.name == "access_token")
    return refuse(Reason::token_repeated, "expected no token in the query");
  return refuse(Reason::parameter_malformed,
                fmt::format("expected scope, match, aud or errors; found {}",
                            oauth::quote_unless_secret(field.name)));
}

std::string_view without_tail(std::string_view text) {
  constexpr std::string_view kTail = "for=";
  if (text.starts_with(kTail)) return {};
  const std::size_t tail = text.find("&for=");
  return text.substr(0, tail);
}

} // namespace

AccessQuery read_access_query(std::string_view text, const std::string& issuer) {
  AccessQuery query;
  const auto fields = http::parse_form(without_tail(text));
  if (!fields) {
    query.fault = fields.error();
    return query;
  }
  // All of them, also behind a fault: `errors` says how it is to be answered.
  for (const http::FormField& field : *fields)
    if (const auto taken = take(field, query); !taken && !query.fault) query.fault = taken.error();
  // Of two, the second would be somebody else's who can append to the query.
  if (std::ranges::count(*fields, "match", &http::FormField::name) > 1 && !query.fault)
    query.fault = Refusal{Reason::parameter_repeated, "match"};
  if (query.demand.audiences.empty()) query.demand.audiences.push_back(issuer);
  return query;
}

AccessQuery read_callers_query(std::string_view text, const std::string& issuer) {
  AccessQuery query;
  query.demand.audiences.push_back(issuer);
  // What cannot be read is for the API behind the gateway to judge.
  const auto fields = http::parse_form(text);
  if (!fields) return query;
  for (const http::FormField& field : *fields)
    if (field.name == "scope")
      if (const auto taken = add_scopes(field.value, query); !taken) query.fault = taken.error();
  return query;
}

} // namespace assay::endpoints
