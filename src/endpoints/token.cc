#include "endpoints/token.h"

#include <utility>

#include "endpoints/dpop_nonce.h"
#include "endpoints/form_request.h"
#include "oauth/token_request.h"

namespace assay::endpoints {

namespace {

// RFC 6749 section 5.1. `scope` always: it can differ from what was asked for.
json::object members_of(const oauth::MintedToken& token) {
  json::object members{{"access_token", token.access_token.reveal()},
                       {"token_type", token.token_type},
                       {"expires_in", token.expires_in.count()}};
  if (token.refresh_token) members["refresh_token"] = token.refresh_token->reveal();
  members["scope"] = token.scope;
  return members;
}

Matter matter_of(const oauth::TokenServiceSettings& settings) {
  Matter matter{.event = "token", .service = settings.path, .monitoring = settings.monitoring};
  if (matter.monitoring.service_name.empty()) matter.monitoring.service_name = settings.path;
  return matter;
}

} // namespace

TokenEndpoint::TokenEndpoint(const oauth::TokenServiceSettings& settings, const Parts& parts)
    : matter_(matter_of(settings)), parts_(parts) {}

Task<http::Response> TokenEndpoint::handle(const http::Request& request) {
  auto response = co_await answer_form(
      parts_.books, matter_, request,
      [this, &request](oauth::Parameters parameters, Decision& decision) {
        return decide(request, std::move(parameters), decision);
      },
      oauth::kRepeatableAtTokenEndpoint);
  add_nonce(response, request, parts_.proofs, parts_.books.clock());
  co_return response;
}

Task<Result<json::object>> TokenEndpoint::decide(const http::Request& request,
                                                 oauth::Parameters parameters, Decision& decision) {
  if (const auto grant_type = parameters.find("grant_type")) decision.asks_for(*grant_type);

  const auto authorization = authorization_of(request);
  if (!authorization) co_return std::unexpected(authorization.error());
  auto keys = parts_.keys.read(request, parts_.books.clock());
  if (!keys) co_return std::unexpected(std::move(keys.error()));
  auto token_request =
      oauth::read_token_request(*authorization, std::move(*keys), std::move(parameters));
  if (!token_request) co_return std::unexpected(std::move(token_request.error()));

  const auto token = co_await parts_.service.grant(std::move(*token_request), decision.trace());
  if (!token) co_return std::unexpected(token.error());
  co_return members_of(*token);
}

} // namespace assay::endpoints
