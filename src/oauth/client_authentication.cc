#include "oauth/client_authentication.h"

#include <utility>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "oauth/quotation.h"

namespace assay::oauth {

namespace {

// Keeps a jti that authenticated a client apart from one that was a grant.
constexpr std::string_view kClaimService = "client_authentication";

std::unexpected<Refusal> as_client_fault(const Refusal& refusal) {
  return refuse(Reason::client_assertion_refused,
                fmt::format("{}: {}", name(refusal.reason), refusal.detail));
}

} // namespace

ClientAuthenticator::ClientAuthenticator(ApplicationLookup applications, AssertionVerifier verifier,
                                         AssertionLimits limits)
    : applications_(std::move(applications)), verifier_(std::move(verifier)), limits_(limits) {}

Result<ProvenClient> ClientAuthenticator::authenticate(const ClientCredentials& credentials,
                                                       TimePoint now) const {
  if (const auto* secret = std::get_if<SecretCredentials>(&credentials))
    return by_secret(*secret, now);
  if (const auto* assertion = std::get_if<AssertionCredentials>(&credentials))
    return by_assertion(*assertion, now);
  return refuse(Reason::client_authentication_missing);
}

Result<ProvenClient> ClientAuthenticator::by_secret(const SecretCredentials& credentials,
                                                    TimePoint now) const {
  const crypto::Digest presented = crypto::sha256(credentials.secret.reveal());
  auto application = applications_(credentials.client_id);
  if (!application)
    return refuse(Reason::client_unknown, quote_unless_secret(credentials.client_id));

  // Every registered secret is compared, so that the time does not tell which one it was.
  const registry::RegisteredSecret* match = nullptr;
  for (const auto& secret : application->secrets)
    if (crypto::constant_time_equal(secret.digest, presented)) match = &secret;

  if (!match) return refuse(Reason::client_secret_wrong, application->id);
  if (match->not_after && *match->not_after <= now)
    return refuse(Reason::client_secret_expired, application->id);
  if (!application->enabled) return refuse(Reason::client_disabled, application->id);
  std::string subject = application->id;
  return ProvenClient{ProvenSender(std::move(application), std::move(subject)), {}};
}

Result<ProvenClient> ClientAuthenticator::by_assertion(const AssertionCredentials& credentials,
                                                       TimePoint now) const {
  const auto assertion = parse_assertion(credentials.assertion.reveal(), limits_);
  if (!assertion) return as_client_fault(assertion.error());
  // RFC 7521 section 4.2: client_id is unnecessary, but must name the same client.
  if (credentials.client_id && *credentials.client_id != assertion->issuer)
    return refuse(Reason::client_mismatch, "client_id names another client than the assertion");

  const auto verified = verifier_.verify(*assertion, applications_(assertion->issuer), now);
  if (!verified) return as_client_fault(verified.error());

  ProvenClient client{verified->sender(), {}};
  if (const auto& jti = verified->claims().id)
    client.claim =
        replay_claim(kClaimService, assertion->issuer, *jti, verified->acceptable_until());
  return client;
}

} // namespace assay::oauth
