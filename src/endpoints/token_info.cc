#include "endpoints/token_info.h"

#include <utility>

#include "endpoints/form_endpoint.h"

namespace assay::endpoints {

namespace {

json::object members_of(const oauth::TokenRecord& record, TimePoint now) {
  const auto left = std::chrono::floor<std::chrono::seconds>(record.expires_at - now);
  json::object members{{"audience", record.client_id},
                       {"user_id", record.subject},
                       {"scope", record.scope},
                       {"expires_in", left.count()}};
  for (const auto& [name, value] : record.parameters)
    members.emplace(name, value);
  return members;
}

} // namespace

TokenInfoEndpoint::TokenInfoEndpoint(InspectionParts parts)
    : parts_(parts), matter_{.event = "token_info", .service = {}} {}

Task<http::Response> TokenInfoEndpoint::handle(const http::Request& request) {
  return answer_form(parts_.books, matter_, request,
                     [this, &request](oauth::Parameters parameters, Decision& decision) {
                       return decide(request, std::move(parameters), decision);
                     });
}

Task<Result<json::object>> TokenInfoEndpoint::decide(const http::Request& request,
                                                     oauth::Parameters parameters,
                                                     Decision& decision) {
  const auto token = parameters.require("access_token");
  if (!token) co_return std::unexpected(token.error());
  const auto caller = co_await authenticate_caller(parts_, request, parameters, decision);
  if (!caller) co_return std::unexpected(caller.error());

  const TimePoint now = parts_.books.clock();
  const auto record =
      co_await parts_.inspection.inspect(Secret(std::string(*token)), caller->application(), now);
  if (!record || record->kind != oauth::TokenKind::access) co_return refuse(Reason::token_unknown);

  decision.trace().token = record->key.digest;
  co_return members_of(*record, now);
}

} // namespace assay::endpoints
