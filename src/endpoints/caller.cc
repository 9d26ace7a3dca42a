#include "endpoints/caller.h"

#include <utility>

#include "endpoints/form_request.h"
#include "oauth/client_credentials.h"

namespace assay::endpoints {

Task<Result<oauth::ProvenSender>> authenticate_caller(const InspectionParts& parts,
                                                      const http::Request& request,
                                                      const oauth::Parameters& parameters,
                                                      Decision& decision) {
  const TimePoint now = parts.books.clock();
  const auto authorization = authorization_of(request);
  if (!authorization) co_return std::unexpected(authorization.error());
  const auto keys = parts.keys.read(request, now);
  if (!keys) co_return std::unexpected(keys.error());
  auto credentials = oauth::read_client_credentials(*authorization, parameters, *keys);
  if (!credentials) co_return std::unexpected(std::move(credentials.error()));
  const auto client = co_await parts.clients.authenticate(std::move(*credentials), now);
  if (!client) co_return std::unexpected(client.error());

  if (client->claim) {
    const auto outcome = co_await parts.tokens.claim(*client->claim, now);
    if (outcome == oauth::IssueOutcome::used_before)
      co_return refuse(Reason::client_assertion_refused, "assertion_replayed");
  }
  oauth::note_client(*client, decision.trace());
  co_return client->sender;
}

Task<Result<oauth::TokenRecord>> visible_token(const InspectionParts& parts, Secret token,
                                               const registry::Application& asker) {
  auto record = co_await parts.inspection.look_up(std::move(token), parts.books.clock());
  if (!record) co_return record;
  if (const auto visible = parts.inspection.check_visible(*record, asker); !visible)
    co_return std::unexpected(visible.error());
  co_return record;
}

} // namespace assay::endpoints
