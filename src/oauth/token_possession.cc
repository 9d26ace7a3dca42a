#include "oauth/token_possession.h"

#include <utility>

#include "crypto/digest.h"

namespace assay::oauth {

Result<void> TokenPossession::check(const TokenRecord& record, const PresentedToken& token,
                                    const PresentedKeys& keys, DpopTarget target,
                                    TimePoint now) const {
  const Confirmation& confirmation = record.confirmation;
  // RFC 9449 section 7.2: sent as a bearer token, a bound one could be anybody's. And one that is
  // not bound proves nothing by a proof.
  if (confirmation.key.has_value() != (token.scheme == TokenScheme::dpop))
    return refuse(Reason::token_scheme_mismatch,
                  confirmation.key ? "expected the scheme DPoP" : "expected the scheme Bearer");
  if (confirmation.certificate &&
      (!keys.certificate || crypto::sha256(keys.certificate->der) != *confirmation.certificate))
    return refuse(Reason::token_certificate_mismatch,
                  keys.certificate ? "found another certificate" : "found no certificate");
  if (!confirmation.key) return {};
  return check_proof(record, keys, std::move(target), now);
}

Result<void> TokenPossession::check_proof(const TokenRecord& record, const PresentedKeys& keys,
                                          DpopTarget target, TimePoint now) const {
  if (!keys.proof) return refuse(Reason::dpop_missing, "the token is bound to a key");
  target.access_token = record.key.digest;
  const auto proof = proofs_.verify(*keys.proof, target, now);
  if (!proof) return std::unexpected(proof.error());
  if (proof->key() != *record.confirmation.key)
    return refuse(Reason::dpop_key_mismatch, "the proof is good, but by another key");
  if (!memory_.take(proof->claim(), proof->acceptable_until(), now))
    return refuse(Reason::dpop_replayed, "expected a jti that was not used before");
  return {};
}

} // namespace assay::oauth
