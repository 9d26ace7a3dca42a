#include "endpoints/check.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "endpoints/answer.h"
#include "endpoints/dpop_nonce.h"
#include "endpoints/original_request.h"
#include "jose/algorithm.h"
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

// Each end could believe another of two.
Result<oauth::PresentedToken> token_of(const http::Request& request) {
  if (request.field_count("Authorization") > 1)
    return refuse(Reason::token_repeated, "expected one Authorization header");
  return oauth::read_presented_token(request.field("Authorization"));
}

// The scheme that the caller chose is the one that it is answered in.
bool chose_dpop(const http::Request& request) {
  const auto token = token_of(request);
  return token && token->scheme == oauth::TokenScheme::dpop;
}

std::string dpop_algorithms() {
  std::string names;
  for (const jose::Algorithm algorithm : jose::all_algorithms())
    names.append(names.empty() ? "" : " ").append(name(algorithm));
  return fmt::format("algs=\"{}\"", names);
}

// RFC 6750 section 3: no code for who sent no token, as nothing is wrong with it yet. What stands
// in quotes was checked: scopes and URLs have neither `"` nor `\`.
std::string challenge(Reason reason, const oauth::PublicFace& face,
                      const oauth::AccessDemand& demand, const ResourceMetadata& resources) {
  std::string value = R"(realm="assay")";
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
  const auto token = query.fault ? Result<oauth::PresentedToken>(std::unexpected(*query.fault))
                                 : token_of(request);
  Result<oauth::TokenRecord> record = std::unexpected(Refusal{Reason::token_missing, {}});
  if (token)
    record = co_await decide(request, *token, query.demand, decision);
  else
    record = std::unexpected(token.error());

  http::Response response;
  if (record) {
    decision.granted();
    response = identity_of(*record);
  } else {
    decision.refused(record.error());
    response = refusal(request, record.error(), query);
  }
  add_nonce(response, request, parts_.proofs, parts_.books.clock());
  co_return response;
}

Task<Result<oauth::TokenRecord>> CheckEndpoint::decide(const http::Request& request,
                                                       const oauth::PresentedToken& token,
                                                       const oauth::AccessDemand& demand,
                                                       Decision& decision) {
  auto record = co_await parts_.inspection.look_up(token.text, parts_.books.clock());
  if (!record) co_return record;
  decision.trace().token = record->key.digest;
  decision.trace().client_id = record->client_id;
  if (const auto possessed = check_possession(request, token, *record); !possessed)
    co_return std::unexpected(possessed.error());
  if (const auto allowed = oauth::check_access(*record, demand); !allowed)
    co_return std::unexpected(allowed.error());
  decision.trace().scope = record->scope;
  decision.trace().token_binding = name(record->confirmation);
  co_return record;
}

Result<void> CheckEndpoint::check_possession(const http::Request& request,
                                             const oauth::PresentedToken& token,
                                             const oauth::TokenRecord& record) const {
  // Nearly all tokens are bearer tokens: nothing else is read for them.
  if (record.confirmation.empty() && token.scheme == oauth::TokenScheme::bearer) return {};
  const TimePoint now = parts_.books.clock();
  const auto keys = parts_.keys.read(request, now);
  if (!keys) return std::unexpected(keys.error());
  oauth::DpopTarget target;
  if (keys->proof && record.confirmation.key) {
    if (!parts_.keys.is_from_proxy(request))
      return refuse(Reason::dpop_url_mismatch, "the gateway is not among proxies.addresses");
    auto original = read_original_request(request);
    if (!original) return std::unexpected(std::move(original.error()));
    target = std::move(*original);
  }
  return parts_.possession.check(record, token, *keys, std::move(target), now);
}

http::Response CheckEndpoint::refusal(const http::Request& request, const Refusal& refusal,
                                      const AccessQuery& query) const {
  oauth::PublicFace face = oauth::bearer_face(refusal.reason);
  if (face.status == 400 && query.errors == AccessErrors::as_401) face.status = 401;
  auto response = answer(AnswerFormat::json, face.status,
                         {{"error", face.error}, {"error_description", face.description}});
  const std::string why = challenge(refusal.reason, face, query.demand, parts_.resources);
  if (chose_dpop(request)) {
    response.with("WWW-Authenticate", fmt::format("DPoP {}, {}", why, dpop_algorithms()));
  } else {
    response.with("WWW-Authenticate", "Bearer " + why);
    if (refusal.reason == Reason::token_scheme_mismatch)
      response.with("WWW-Authenticate", "DPoP " + dpop_algorithms());
  }
  if (refusal.reason == Reason::token_missing) response.body = "{}"; // no code, as above
  return response;
}

} // namespace assay::endpoints
