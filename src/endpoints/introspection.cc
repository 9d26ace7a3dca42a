#include "endpoints/introspection.h"

#include <utility>

#include <fmt/format.h>

#include "endpoints/form_endpoint.h"
#include "oauth/audience_list.h"

namespace assay::endpoints {

namespace {

// A string for one audience, an array for several (RFC 7519 section 4.1.3).
json::value audience_member(std::string_view audience) {
  const auto uris = oauth::split_audience(audience);
  if (uris.size() == 1) return json::value(uris.front());
  return json::array(uris.begin(), uris.end());
}

// RFC 7662 section 2.2, and the service's own parameters behind.
json::object members_of(const oauth::TokenRecord& record, const std::string& issuer) {
  json::object members{
      {"active", true},
      {"scope", record.scope},
      {"client_id", record.client_id},
      {"token_type", record.kind == oauth::TokenKind::access ? record.token_type : "refresh_token"},
      {"exp", unix_seconds(record.expires_at)},
      {"iat", unix_seconds(record.issued_at)},
      {"nbf", unix_seconds(record.issued_at)},
      {"sub", record.subject},
      {"aud", audience_member(record.audience)},
      {"iss", issuer}};
  for (const auto& [name, value] : record.parameters)
    members.emplace(name, value);
  return members;
}

} // namespace

IntrospectionEndpoint::IntrospectionEndpoint(InspectionParts parts, std::string issuer)
    : parts_(parts), issuer_(std::move(issuer)), matter_{.event = "introspection", .service = {}} {}

Task<http::Response> IntrospectionEndpoint::handle(const http::Request& request) {
  return answer_form(parts_.books, matter_, request,
                     [this, &request](oauth::Parameters parameters, Decision& decision) {
                       return decide(request, std::move(parameters), decision);
                     });
}

Task<Result<json::object>> IntrospectionEndpoint::decide(const http::Request& request,
                                                         oauth::Parameters parameters,
                                                         Decision& decision) {
  const auto token = parameters.require("token");
  if (!token) co_return std::unexpected(token.error());
  const auto caller = co_await authenticate_caller(parts_, request, parameters, decision);
  if (!caller) co_return std::unexpected(caller.error());
  if (!caller->application().may_introspect) co_return refuse(Reason::introspection_not_allowed);

  const auto record =
      co_await visible_token(parts_, Secret(std::string(*token)), caller->application());
  if (!record) {
    decision.notes(fmt::format("inactive: {}", name(record.error().reason)));
    co_return json::object{{"active", false}};
  }
  decision.trace().token = record->key.digest;
  decision.notes("active");
  co_return members_of(*record, issuer_);
}

} // namespace assay::endpoints
