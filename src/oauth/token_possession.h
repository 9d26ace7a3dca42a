// Whether who sends an access token has the keys that it is bound to (RFC 9449 section 7, RFC 8705
// section 3).
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "oauth/dpop_verifier.h"
#include "oauth/presented_keys.h"
#include "oauth/presented_token.h"
#include "oauth/proof_memory.h"
#include "oauth/token_store.h"

namespace assay::oauth {

// Thread-safe. The parts outlive it.
class TokenPossession {
public:
  TokenPossession(const DpopVerifier& proofs, ProofMemory& memory)
      : proofs_(proofs), memory_(memory) {}

  // `record` is that of the token, and live. `target` is the request that the token came with, less
  // the token. Takes the proof's claim: whoever got hold of both must not use them again. Reasons:
  // those of the gate "dpop", token_scheme_mismatch, token_certificate_mismatch. Throws
  // Unavailable.
  Result<void> check(const TokenRecord& record, const PresentedToken& token,
                     const PresentedKeys& keys, DpopTarget target, TimePoint now) const;

private:
  Result<void> check_proof(const TokenRecord& record, const PresentedKeys& keys, DpopTarget target,
                           TimePoint now) const;

  const DpopVerifier& proofs_;
  ProofMemory& memory_;
};

} // namespace assay::oauth
