#include "endpoints/revocation.h"

#include <utility>

#include "endpoints/form_endpoint.h"

namespace assay::endpoints {

RevocationEndpoint::RevocationEndpoint(InspectionParts parts)
    : parts_(parts), matter_{.event = "revocation", .service = {}} {}

Task<http::Response> RevocationEndpoint::handle(const http::Request& request) {
  return answer_form(parts_.books, matter_, request,
                     [this, &request](oauth::Parameters parameters, Decision& decision) {
                       return decide(request, std::move(parameters), decision);
                     });
}

// `token_type_hint` is not read: a look-up finds both types at once, and a wrong hint must not hide
// a token (RFC 7009 section 2.1).
Task<Result<json::object>> RevocationEndpoint::decide(const http::Request& request,
                                                      oauth::Parameters parameters,
                                                      Decision& decision) {
  const auto token = parameters.require("token");
  if (!token) co_return std::unexpected(token.error());
  const oauth::TokenKey key = oauth::token_key(*token);
  const auto caller = co_await authenticate_caller(parts_, request, parameters, decision);
  if (!caller) co_return std::unexpected(caller.error());

  const TimePoint now = parts_.books.clock();
  if (const auto unstored = parts_.inspection.find_unstored(*token, now))
    co_return refuse(parts_.inspection.is_owner(caller->application(), *unstored)
                         ? Reason::token_unstored
                         : Reason::token_foreign);
  const auto record = co_await parts_.tokens.find(key, now);
  if (!record) {
    // What is not there needs no revoking (RFC 7009 section 2.2).
    decision.notes("there is no such live token");
    co_return json::object{};
  }
  if (!parts_.inspection.is_owner(caller->application(), *record))
    co_return refuse(Reason::token_foreign);

  co_await parts_.tokens.revoke(key, now);
  decision.trace().token = record->key.digest;
  decision.notes(record->kind == oauth::TokenKind::refresh ? "revoked with its family" : "revoked");
  co_return json::object{};
}

} // namespace assay::endpoints
