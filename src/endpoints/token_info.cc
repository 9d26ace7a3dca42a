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

TokenInfoEndpoint::TokenInfoEndpoint(InspectionParts parts, TokenInfoCallers callers)
    : parts_(parts), callers_(callers), matter_{.event = "token_info", .service = {}} {}

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
  const auto record = co_await find(request, parameters, Secret(std::string(*token)), decision);
  if (!record) co_return std::unexpected(record.error());
  if (record->kind != oauth::TokenKind::access)
    co_return refuse(Reason::token_not_served, "expected an access token; found a refresh token");

  decision.trace().token = record->key.digest;
  co_return members_of(*record, parts_.books.clock());
}

Task<Result<oauth::TokenRecord>> TokenInfoEndpoint::find(const http::Request& request,
                                                         const oauth::Parameters& parameters,
                                                         Secret token, Decision& decision) {
  if (callers_ == TokenInfoCallers::anybody)
    co_return co_await parts_.inspection.look_up(std::move(token), parts_.books.clock());
  const auto caller = co_await authenticate_caller(parts_, request, parameters, decision);
  if (!caller) co_return std::unexpected(caller.error());
  co_return co_await visible_token(parts_, std::move(token), caller->application());
}

} // namespace assay::endpoints
