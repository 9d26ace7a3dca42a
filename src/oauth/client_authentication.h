// Decides whether credentials prove a client (RFC 6749 section 2.3, RFC 7521 section 4.2).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "oauth/assertion.h"
#include "oauth/assertion_verifier.h"
#include "oauth/client_credentials.h"
#include "oauth/proven_sender.h"
#include "oauth/token_store.h"
#include "registry/application.h"

namespace assay::oauth {

// Null if there is no such application. Callable from any thread; does no I/O.
using ApplicationLookup =
    std::function<std::shared_ptr<const registry::Application>(std::string_view client_id)>;

// A client that proved itself. If it did so by an assertion, it is proven only once that
// assertion's claim is taken: the caller takes it when it commits.
struct ProvenClient {
  ProvenSender sender;
  std::optional<ReplayClaim> claim;
};

// Thread-safe; decides, and leaves no trace.
class ClientAuthenticator {
public:
  // The verifier's policy is for AssertionUse::client_authentication.
  ClientAuthenticator(ApplicationLookup applications, AssertionVerifier verifier,
                      AssertionLimits limits);

  // Reasons: those of the gate "client". A client assertion's own fault is
  // client_assertion_refused, with the check that refused it in the detail.
  Result<ProvenClient> authenticate(const ClientCredentials& credentials, TimePoint now) const;

private:
  Result<ProvenClient> by_secret(const SecretCredentials& credentials, TimePoint now) const;
  Result<ProvenClient> by_assertion(const AssertionCredentials& credentials, TimePoint now) const;

  ApplicationLookup applications_;
  AssertionVerifier verifier_;
  AssertionLimits limits_;
};

} // namespace assay::oauth
