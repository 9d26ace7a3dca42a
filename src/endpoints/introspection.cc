#include "endpoints/introspection.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "endpoints/form_endpoint.h"
#include "oauth/audience_list.h"
#include "oauth/jwt_access_token.h"

namespace assay::endpoints {

namespace {

constexpr std::string_view kSignedType = "token-introspection+jwt";
constexpr std::string_view kSignedMediaType = "application/token-introspection+jwt";

// RFC 7662 section 2.2, and the service's own parameters behind.
json::object members_of(const oauth::TokenRecord& record, const std::string& issuer,
                        const std::optional<std::string>& id) {
  json::object members{
      {"active", true},
      {"scope", record.scope},
      {"client_id", record.client_id},
      {"token_type", record.kind == oauth::TokenKind::access ? record.token_type : "refresh_token"},
      {"exp", unix_seconds(record.expires_at)},
      {"iat", unix_seconds(record.issued_at)},
      {"nbf", unix_seconds(record.issued_at)},
      {"sub", record.subject},
      {"aud", oauth::audience_member(record.audience)},
      {"iss", issuer}};
  if (id) members["jti"] = *id;
  if (!record.confirmation.empty()) members["cnf"] = to_members(record.confirmation);
  for (const auto& [name, value] : record.parameters)
    members.emplace(name, value);
  return members;
}

// One of the media types that the caller accepts, by its name and no range: who asks for whatever
// there is means JSON (RFC 9701 section 4).
bool accepts_signed(const http::Request& request) {
  std::string_view rest = request.field("Accept").value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view range = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    range = range.substr(0, range.find(';'));
    range.remove_prefix(std::min(range.find_first_not_of(" \t"), range.size()));
    range = range.substr(0, range.find_last_not_of(" \t") + 1);
    if (range == kSignedMediaType) return true;
  }
  return false;
}

} // namespace

IntrospectionEndpoint::IntrospectionEndpoint(InspectionParts parts, Signing signing)
    : parts_(parts), signing_(std::move(signing)),
      matter_{.event = "introspection", .service = {}} {}

Task<http::Response> IntrospectionEndpoint::handle(const http::Request& request) {
  std::string caller;
  auto response = co_await answer_form(
      parts_.books, matter_, request,
      [this, &request, &caller](oauth::Parameters parameters, Decision& decision) {
        return decide(request, std::move(parameters), decision, caller);
      });
  if (response.status == 200 && accepts_signed(request)) co_await sign(response, caller);
  co_return response;
}

// RFC 9701 section 5. The JSON answer is its member as it stands; a form that asked for another
// shape than JSON has it. No `sub` and no `exp`: it must not be taken for an access token.
Task<void> IntrospectionEndpoint::sign(http::Response& response, const std::string& caller) const {
  const auto type = std::ranges::find(response.fields, "Content-Type", &http::Field::name);
  if (type == response.fields.end() || type->value != "application/json") co_return;
  const TimePoint now = parts_.books.clock();
  const json::object claims{{"iss", signing_.issuer}, {"aud", caller}, {"iat", unix_seconds(now)}};
  std::string payload = json::serialize(claims);
  payload.pop_back();
  payload.append(R"(,"token_introspection":)").append(response.body).append("}");
  response.body =
      co_await signing_.signer.sign(signing_.algorithm, kSignedType, std::move(payload), now);
  type->value = kSignedMediaType;
}

Task<Result<json::object>> IntrospectionEndpoint::decide(const http::Request& request,
                                                         oauth::Parameters parameters,
                                                         Decision& decision, std::string& caller) {
  const auto token = parameters.require("token");
  if (!token) co_return std::unexpected(token.error());
  const auto asker = co_await authenticate_caller(parts_, request, parameters, decision);
  if (!asker) co_return std::unexpected(asker.error());
  if (!asker->application().may_introspect) co_return refuse(Reason::introspection_not_allowed);
  caller = asker->application().id;

  const auto record =
      co_await visible_token(parts_, Secret(std::string(*token)), asker->application());
  if (!record) {
    decision.notes(fmt::format("inactive: {}", name(record.error().reason)));
    co_return json::object{{"active", false}};
  }
  decision.trace().token = record->key.digest;
  decision.notes("active");
  co_return members_of(*record, signing_.issuer, oauth::jwt_access_token_id_in(*token));
}

} // namespace assay::endpoints
