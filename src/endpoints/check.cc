#include "endpoints/check.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "endpoints/access_query.h"
#include "endpoints/answer.h"
#include "endpoints/form_request.h"
#include "oauth/bearer_token.h"
#include "oauth/public_face.h"

namespace assay::endpoints {

namespace {

http::Response identity_of(const oauth::TokenRecord& token) {
  http::Response response;
  response.with("X-Assay-Client", token.client_id)
      .with("X-Assay-Subject", token.subject)
      .with("X-Assay-Scope", token.scope)
      .with("X-Assay-Expires", fmt::format("{}", unix_seconds(token.expires_at)))
      .with("Cache-Control", "no-store");
  return response;
}

// RFC 6750 section 3: no code for who sent no token, as nothing is wrong with it yet. What stands
// in quotes was checked: scopes and URLs have neither `"` nor `\`.
std::string challenge(Reason reason, const oauth::PublicFace& face,
                      const oauth::AccessDemand& demand, const ResourceMetadata& resources) {
  std::string value = R"(Bearer realm="assay")";
  if (reason != Reason::token_missing)
    value += fmt::format(R"(, error="{}", error_description="{}")", face.error, face.description);
  if (!demand.scopes.empty())
    value += fmt::format(R"(, scope="{}")", fmt::join(demand.scopes, " "));
  for (const std::string& audience : demand.audiences)
    if (const auto url = resources.url_of(audience))
      return value + fmt::format(R"(, resource_metadata="{}")", *url);
  return value;
}

} // namespace

CheckEndpoint::CheckEndpoint(Parts parts)
    : parts_(std::move(parts)), matter_{.event = "check", .service = {}} {}

Task<http::Response> CheckEndpoint::handle(const http::Request& request) {
  Decision decision = co_await Decision::begin(parts_.books, matter_, request);
  const AccessQuery query = request.path == parts_.path
                                ? read_access_query(request.query, parts_.issuer)
                                : read_callers_query(request.query, parts_.issuer);
  Result<oauth::TokenRecord> token = std::unexpected(Refusal{Reason::parameter_malformed, {}});
  if (query.fault)
    token = std::unexpected(*query.fault);
  else
    token = co_await decide(request, query.demand, decision);
  if (token) {
    decision.granted();
    co_return identity_of(*token);
  }
  decision.refused(token.error());
  const Reason reason = token.error().reason;
  oauth::PublicFace face = oauth::bearer_face(reason);
  if (face.status == 400 && query.errors == AccessErrors::as_401) face.status = 401;
  auto response = answer(AnswerFormat::json, face.status,
                         {{"error", face.error}, {"error_description", face.description}});
  if (reason == Reason::token_missing) response.body = "{}"; // no code, as in the challenge
  co_return response.with("WWW-Authenticate",
                          challenge(reason, face, query.demand, parts_.resources));
}

Task<Result<oauth::TokenRecord>> CheckEndpoint::decide(const http::Request& request,
                                                       const oauth::AccessDemand& demand,
                                                       Decision& decision) {
  // Each end could believe another of two.
  if (request.field_count("Authorization") > 1)
    co_return refuse(Reason::token_repeated, "expected one Authorization header");
  auto text = oauth::read_bearer_token(request.field("Authorization"));
  if (!text) co_return std::unexpected(text.error());

  auto token = co_await parts_.inspection.look_up(std::move(*text), parts_.books.clock());
  if (!token) co_return token;
  decision.trace().token = token->key.digest;
  decision.trace().client_id = token->client_id;
  if (const auto allowed = oauth::check_access(*token, demand); !allowed)
    co_return std::unexpected(allowed.error());
  decision.trace().scope = token->scope;
  co_return token;
}

} // namespace assay::endpoints
