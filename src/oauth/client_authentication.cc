#include "oauth/client_authentication.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "oauth/certificate_match.h"
#include "oauth/quotation.h"

namespace assay::oauth {

using registry::AuthMethod;
using registry::RegisteredSecret;

namespace {

// Keeps a jti that authenticated a client apart from one that was a grant.
constexpr std::string_view kClaimService = "client_authentication";

std::unexpected<Refusal> as_client_fault(const Refusal& refusal) {
  return refuse(Reason::client_assertion_refused,
                fmt::format("{}: {}", name(refusal.reason), refusal.detail));
}

std::unexpected<Refusal> refuse_method(const registry::Application& application,
                                       AuthMethod method) {
  std::string allowed;
  for (const AuthMethod each : application.auth_methods)
    allowed.append(allowed.empty() ? "" : " ").append(name(each));
  return refuse(Reason::client_method_not_allowed,
                fmt::format("expected {}; found {}", allowed, name(method)));
}

// Every digest is compared, so that the time does not tell which one it was.
const RegisteredSecret* matching_digest(const registry::Application& application,
                                        const crypto::Digest& presented) {
  const RegisteredSecret* match = nullptr;
  for (const RegisteredSecret& secret : application.secrets)
    if (const auto* digest = std::get_if<crypto::Digest>(&secret.kept);
        digest && crypto::constant_time_equal(*digest, presented))
      match = &secret;
  return match;
}

} // namespace

Task<Result<ProvenClient>> ClientAuthenticator::authenticate(ClientCredentials credentials,
                                                             TimePoint now) const {
  if (auto* secret = std::get_if<SecretCredentials>(&credentials))
    return by_secret(std::move(*secret), now);
  if (auto* assertion = std::get_if<AssertionCredentials>(&credentials))
    return by_assertion(std::move(*assertion), now);
  if (auto* certificate = std::get_if<CertificateCredentials>(&credentials))
    return by_certificate(std::move(*certificate), now);
  return []() -> Task<Result<ProvenClient>> {
    co_return refuse(Reason::client_authentication_missing);
  }();
}

Task<Result<ProvenClient>> ClientAuthenticator::by_secret(SecretCredentials credentials,
                                                          TimePoint now) const {
  auto application = parts_.applications(credentials.client_id);
  if (!application)
    co_return refuse(Reason::client_unknown, quote_unless_secret(credentials.client_id));

  const auto secret = co_await matching_secret(*application, credentials, now);
  if (!secret) co_return std::unexpected(secret.error());
  if ((*secret)->not_after && *(*secret)->not_after <= now)
    co_return refuse(Reason::client_secret_expired, application->id);
  // From here on it is the client who asks; what is said now, it may know.
  if (!application->enabled) co_return refuse(Reason::client_disabled, application->id);
  if (!application->may_authenticate_by(credentials.method))
    co_return refuse_method(*application, credentials.method);

  std::string subject = application->id;
  co_return ProvenClient{
      ProvenSender(std::move(application), std::move(subject)), credentials.method, {}, {}};
}

// What was made here first: it costs nothing. What a person chose takes a while, each; so the time
// tells a stranger that there is such an application. Made-up checks for unknown ones would hide
// it, and give strangers the means to keep the threads busy that these checks run on.
Task<Result<const RegisteredSecret*>>
ClientAuthenticator::matching_secret(const registry::Application& application,
                                     const SecretCredentials& credentials, TimePoint now) const {
  const crypto::Digest digest = crypto::sha256(credentials.secret.reveal());
  if (const RegisteredSecret* match = matching_digest(application, digest)) co_return match;

  for (const RegisteredSecret& secret : application.secrets) {
    const auto* hash = std::get_if<crypto::PasswordHash>(&secret.kept);
    if (!hash) continue;
    const auto verdict =
        co_await parts_.chosen_secrets.check(application.id, *hash, credentials.secret, now);
    if (verdict == ChosenSecrets::Verdict::right) co_return &secret;
    if (verdict == ChosenSecrets::Verdict::too_many)
      co_return refuse(Reason::client_throttled, application.id);
  }
  co_return refuse(Reason::client_secret_wrong, application.id);
}

Task<Result<ProvenClient>> ClientAuthenticator::by_certificate(CertificateCredentials credentials,
                                                               TimePoint now) const {
  auto application = co_await parts_.senders.find(credentials.client_id, now);
  if (!application)
    co_return refuse(Reason::client_unknown, quote_unless_secret(credentials.client_id));

  const auto method = match_certificate(*credentials.certificate, *application, parts_.keys, now);
  if (!method) co_return std::unexpected(method.error());
  // From here on it is the client who asks.
  if (!application->enabled) co_return refuse(Reason::client_disabled, application->id);
  if (!application->may_authenticate_by(*method)) co_return refuse_method(*application, *method);

  std::string subject = application->id;
  co_return ProvenClient{ProvenSender(std::move(application), std::move(subject)), *method, {}, {}};
}

Task<Result<ProvenClient>> ClientAuthenticator::by_assertion(AssertionCredentials credentials,
                                                             TimePoint now) const {
  const auto assertion = parse_assertion(credentials.assertion.reveal(), parts_.limits);
  if (!assertion) co_return as_client_fault(assertion.error());
  // RFC 7521 section 4.2: client_id is unnecessary, but must name the same client.
  if (credentials.client_id && *credentials.client_id != assertion->issuer)
    co_return refuse(Reason::client_mismatch, "client_id names another client than the assertion");

  auto sender = co_await parts_.senders.find(*assertion, now);
  const auto verified = parts_.verifier.verify(*assertion, std::move(sender), now);
  if (!verified) co_return as_client_fault(verified.error());
  const registry::Application& application = verified->sender().application();
  if (!application.may_authenticate_by(AuthMethod::private_key_jwt))
    co_return refuse_method(application, AuthMethod::private_key_jwt);

  ProvenClient client{verified->sender(), AuthMethod::private_key_jwt, {}, {}};
  const auto& ours = parts_.verifier.policy().audiences;
  if (std::ranges::find(ours, verified->claims().audiences->front()) == ours.end())
    client.warning = kTokenUrlAudienceWarning;
  if (const auto& jti = verified->claims().id)
    client.claim =
        replay_claim(kClaimService, assertion->issuer, *jti, verified->acceptable_until());
  co_return client;
}

} // namespace assay::oauth
