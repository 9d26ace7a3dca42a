#include "oauth/grants/client_credentials.h"

#include <utility>

namespace assay::oauth {

Task<Result<MintedToken>> ClientCredentialsGrant::grant(TokenRequest request, GrantTrace& trace) {
  const TimePoint now = parts_.clock();

  // Decide. Nothing in this half leaves a trace in any store.
  const auto client = co_await parts_.clients.authenticate(std::move(request.credentials), now);
  if (!client) co_return std::unexpected(client.error());
  // From here on we know who asks.
  const registry::Application& application = client->sender.application();
  note_client(*client, trace);

  if (!application.may_use(registry::GrantType::client_credentials))
    co_return refuse(Reason::grant_not_allowed, "expected client_credentials among its grants");
  const auto scope = grant_scopes({request.scope, {}}, application, parts_.scopes);
  if (!scope) co_return std::unexpected(scope.error());
  const auto audience = grant_audience(request.resources, application, parts_.audiences);
  if (!audience) co_return std::unexpected(audience.error());
  const auto bound = parts_.binding.decide(request.keys, application, now);
  if (!bound) co_return std::unexpected(bound.error());

  // Commit: the proof, then the claim of a client assertion and the token in one atomic call. No
  // refresh token (RFC 6749 section 4.4.3): the client has its credentials.
  if (const auto taken = parts_.binding.commit(*bound, now); !taken)
    co_return std::unexpected(taken.error());
  TokenIssuance::Order order{
      client->sender, {*scope, *audience, bound->confirmation}, RefreshToken::none, client->claim};
  auto token = co_await parts_.issuance.issue(std::move(order), now, trace);
  if (!token) co_return refuse(Reason::client_assertion_refused, "assertion_replayed");

  trace.scope = *scope;
  trace.audience = worth_noting(*audience, parts_.audiences);
  co_return std::move(*token);
}

} // namespace assay::oauth
