#include "oauth/grants/jwt_bearer.h"

#include <utility>

namespace assay::oauth {

Task<Result<MintedToken>> JwtBearerGrant::grant(TokenRequest request, GrantTrace& trace) {
  const TimePoint now = parts_.clock();

  // Decide. Nothing in this half leaves a trace in any store.
  const auto text = request.parameters.require("assertion");
  if (!text) co_return std::unexpected(text.error());
  trace.assertion = crypto::sha256(*text);

  const auto assertion = parse_assertion(*text, parts_.limits);
  if (!assertion) co_return std::unexpected(assertion.error());
  trace.issuer = assertion->issuer;
  trace.key_id = assertion->jws.header.key_id.value_or("");
  trace.header = assertion->jws.header;
  trace.claims = assertion->claims;

  const auto client =
      co_await client_beside(std::move(request.credentials), assertion->issuer, now);
  if (!client) co_return std::unexpected(client.error());
  if (*client) note_client(**client, trace);

  auto application = co_await parts_.senders.find(*assertion, now);
  const auto verified = parts_.verifier.verify(*assertion, std::move(application), now);
  if (!verified) co_return std::unexpected(verified.error());
  // From here on we know who sent it, with which key, and that it was meant for us, now.
  const ProvenSender& sender = verified->sender();
  trace.client_id = sender.application().id;
  trace.subject = sender.subject();
  trace.application_name = sender.application().name;
  trace.key_id = verified->key_id();

  const auto scope =
      grant_scopes({request.scope, verified->claims().scope}, sender.application(), parts_.scopes);
  if (!scope) co_return std::unexpected(scope.error());
  const auto audience = grant_audience(request.resources, sender.application(), parts_.audiences);
  if (!audience) co_return std::unexpected(audience.error());
  const auto bound = parts_.binding.decide(request.keys, sender.application(), now);
  if (!bound) co_return std::unexpected(bound.error());

  // Commit. A proof and a client assertion first: if the grant is then refused, all that is lost is
  // these.
  if (const auto taken = parts_.binding.commit(*bound, now); !taken)
    co_return std::unexpected(taken.error());
  if (*client && (*client)->claim) {
    const IssueOutcome taken = co_await parts_.issuance.claim(*(*client)->claim, now, trace);
    if (taken == IssueOutcome::used_before)
      co_return refuse(Reason::client_assertion_refused, "assertion_replayed");
  }
  TokenIssuance::Order order{sender,
                             {*scope, *audience, bound->confirmation},
                             RefreshToken::as_configured,
                             claim_of(*verified)};
  auto token = co_await parts_.issuance.issue(std::move(order), now, trace);
  if (!token)
    co_return refuse(Reason::assertion_replayed, "expected a jti that was not used before");

  trace.scope = *scope;
  trace.audience = worth_noting(*audience, parts_.audiences);
  co_return std::move(*token);
}

// RFC 7521 section 4.1: client authentication beside an assertion is optional, but never ignored.
Task<Result<std::optional<ProvenClient>>>
JwtBearerGrant::client_beside(ClientCredentials credentials, const std::string& issuer,
                              TimePoint now) const {
  // A certificate is there to bind the token to: the assertion is proof enough of the client.
  if (const auto* bare = std::get_if<CertificateCredentials>(&credentials))
    credentials = NoCredentials{bare->client_id};
  if (const auto* none = std::get_if<NoCredentials>(&credentials)) {
    if (none->client_id && *none->client_id != issuer)
      co_return refuse(Reason::client_mismatch,
                       "client_id names another client than the assertion");
    co_return std::nullopt;
  }
  auto client = co_await parts_.clients.authenticate(std::move(credentials), now);
  if (!client) co_return std::unexpected(std::move(client.error()));
  if (client->sender.application().id != issuer)
    co_return refuse(Reason::client_mismatch, "the credentials are another client's");
  co_return std::move(*client);
}

std::optional<ReplayClaim> JwtBearerGrant::claim_of(const VerifiedAssertion& assertion) const {
  const auto& jti = assertion.claims().id;
  if (!jti) return std::nullopt;
  return replay_claim(parts_.service, assertion.sender().application().id, *jti,
                      assertion.acceptable_until());
}

} // namespace assay::oauth
