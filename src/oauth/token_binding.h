// Which keys a new access token is bound to: the one of a DPoP proof (RFC 9449 section 5), the
// client certificate of the connection (RFC 8705 section 3), or none.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "oauth/confirmation.h"
#include "oauth/dpop_verifier.h"
#include "oauth/presented_keys.h"
#include "oauth/proof_memory.h"
#include "oauth/token_service_settings.h"
#include "registry/application.h"

namespace assay::oauth {

// What was decided. A proof is good only once its claim is taken.
struct BoundKeys {
  Confirmation confirmation;
  std::optional<VerifiedProof> proof;
};

// Thread-safe.
class TokenBinding {
public:
  struct Parts {
    BindingDemand demand; // the service's
    std::string url;      // of its token endpoint, as clients know it
    const DpopVerifier& proofs;
    ProofMemory& memory;
  };

  explicit TokenBinding(Parts parts) : parts_(std::move(parts)) {}

  // A proof that is shown binds, and is never ignored; a certificate binds where the service or the
  // application demands it, as a connection can have one for other reasons. Reasons: those of the
  // gate "dpop", binding_missing.
  Result<BoundKeys> decide(const PresentedKeys& presented, const registry::Application& application,
                           TimePoint now) const;

  // Once the client is proven: strangers must not fill the memory. Reason: dpop_replayed. Throws
  // Unavailable.
  Result<void> commit(const BoundKeys& bound, TimePoint now) const;

private:
  Parts parts_;
};

} // namespace assay::oauth
