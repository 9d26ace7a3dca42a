#include "endpoints/caller.h"

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
  const auto credentials = oauth::read_client_credentials(*authorization, parameters);
  if (!credentials) co_return std::unexpected(credentials.error());
  const auto client = parts.clients.authenticate(*credentials, now);
  if (!client) co_return std::unexpected(client.error());

  if (client->claim) {
    const auto outcome = co_await parts.tokens.claim(*client->claim, now);
    if (outcome == oauth::IssueOutcome::used_before)
      co_return refuse(Reason::client_assertion_refused, "assertion_replayed");
  }
  decision.trace().client_id = client->sender.application().id;
  co_return client->sender;
}

} // namespace assay::endpoints
