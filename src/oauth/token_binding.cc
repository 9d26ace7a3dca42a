#include "oauth/token_binding.h"

#include "crypto/digest.h"

namespace assay::oauth {

Result<BoundKeys> TokenBinding::decide(const PresentedKeys& presented,
                                       const registry::Application& application,
                                       TimePoint now) const {
  BoundKeys bound;
  if (presented.proof) {
    auto proof = parts_.proofs.verify(*presented.proof, {"POST", parts_.url, {}}, now);
    if (!proof) return std::unexpected(std::move(proof.error()));
    bound.confirmation.key = proof->key();
    bound.proof = *proof;
  }
  const bool dpop = parts_.demand == BindingDemand::dpop || application.dpop_bound_access_tokens;
  if (dpop && !bound.proof)
    return refuse(Reason::dpop_missing, "the service or the application demands one");

  const bool tls =
      parts_.demand == BindingDemand::tls || application.tls_client_certificate_bound_access_tokens;
  const bool any = parts_.demand == BindingDemand::any && !bound.proof;
  if (!tls && !any) return bound;
  if (!presented.certificate)
    return refuse(Reason::binding_missing,
                  tls ? "expected a client certificate" : "expected a proof or a certificate");
  bound.confirmation.certificate = crypto::sha256(presented.certificate->der);
  return bound;
}

Result<void> TokenBinding::commit(const BoundKeys& bound, TimePoint now) const {
  if (!bound.proof) return {};
  if (!parts_.memory.take(bound.proof->claim(), bound.proof->acceptable_until(), now))
    return refuse(Reason::dpop_replayed, "expected a jti that was not used before");
  return {};
}

} // namespace assay::oauth
