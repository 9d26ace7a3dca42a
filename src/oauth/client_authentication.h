// Decides whether credentials prove a client (RFC 6749 section 2.3, RFC 7521 section 4.2, RFC 8705
// section 2).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "oauth/assertion.h"
#include "oauth/assertion_verifier.h"
#include "oauth/chosen_secrets.h"
#include "oauth/client_credentials.h"
#include "oauth/proven_sender.h"
#include "oauth/sender_lookup.h"
#include "oauth/token_store.h"
#include "registry/application.h"
#include "registry/key_cache.h"

namespace assay::oauth {

// The client assertion named the token endpoint, which this application still may for a while.
inline constexpr std::string_view kTokenUrlAudienceWarning = "client_assertion_for_token_url";

// A client that proved itself. If it did so by an assertion, it is proven only once that
// assertion's claim is taken: the caller takes it when it commits.
struct ProvenClient {
  ProvenSender sender;
  registry::AuthMethod method;
  std::optional<ReplayClaim> claim;
  std::string_view warning; // a constant: what was let pass for now, or empty
};

// Thread-safe; decides, and leaves no trace in any store.
class ClientAuthenticator {
public:
  struct Parts {
    ApplicationLookup applications;
    SenderLookup senders;       // of the same applications
    AssertionVerifier verifier; // its policy is for AssertionUse::client_authentication
    AssertionLimits limits;
    ChosenSecrets& chosen_secrets;
    registry::KeyCache& keys;
  };

  explicit ClientAuthenticator(Parts parts) : parts_(std::move(parts)) {}

  // Reasons: those of the gate "client". A client assertion's own fault is
  // client_assertion_refused, with the check that refused it in the detail.
  Task<Result<ProvenClient>> authenticate(ClientCredentials credentials, TimePoint now) const;

private:
  Task<Result<ProvenClient>> by_secret(SecretCredentials credentials, TimePoint now) const;
  Task<Result<const registry::RegisteredSecret*>>
  matching_secret(const registry::Application& application, const SecretCredentials& credentials,
                  TimePoint now) const;
  Task<Result<ProvenClient>> by_certificate(CertificateCredentials credentials,
                                            TimePoint now) const;
  Task<Result<ProvenClient>> by_assertion(AssertionCredentials credentials, TimePoint now) const;

  Parts parts_;
};

} // namespace assay::oauth
