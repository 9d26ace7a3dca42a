#include "oauth/dpop_verifier.h"

#include <fmt/format.h>

#include "base/strict_json.h"
#include "base/url.h"
#include "jose/jwk.h"
#include "oauth/quotation.h"

namespace assay::oauth {

namespace {

crypto::Digest claim_of(const crypto::Digest& key, std::string_view id) {
  std::string parts(key.bytes().begin(), key.bytes().end()); // of one length: nothing runs together
  return crypto::sha256(parts.append(id));
}

// RFC 9449 section 4.3. Nearly all have the very text.
bool is_for(const DpopProof& proof, const std::string& target) {
  if (proof.url == target) return true;
  const auto url = normalized_http_url(proof.url);
  return url && url == normalized_http_url(target);
}

} // namespace

std::optional<jose::PublicKey> DpopVerifier::KnownKeys::find(const crypto::Digest& header) {
  Shard& shard = shard_of(header);
  const std::lock_guard lock(shard.mutex);
  const jose::PublicKey* key = shard.keys.find(header);
  return key ? std::optional(*key) : std::nullopt;
}

void DpopVerifier::KnownKeys::put(const crypto::Digest& header, const jose::PublicKey& key) {
  Shard& shard = shard_of(header);
  const std::lock_guard lock(shard.mutex);
  shard.keys.put(header, key);
}

DpopVerifier::KnownKeys::Shard& DpopVerifier::KnownKeys::shard_of(const crypto::Digest& header) {
  return shards_[header.bytes().back() % shards_.size()];
}

Result<VerifiedProof> DpopVerifier::verify(std::string_view text, const DpopTarget& target,
                                           TimePoint now) const {
  const auto proof = parse_dpop_proof(text);
  if (!proof) return std::unexpected(proof.error());
  const auto key = signer_of(*proof);
  if (!key) return std::unexpected(key.error());
  if (const auto fits = check_claims(*proof, target, now); !fits)
    return std::unexpected(fits.error());
  const TimePoint until = proof->issued_at + parts_.policy.proof_life + parts_.policy.clock_skew;
  return VerifiedProof(key->thumbprint(), claim_of(key->thumbprint(), proof->id), until);
}

// One header is always the same key, so that a known one need not be parsed. Only a key that has
// signed is remembered: to push the others out takes as many signatures.
Result<jose::PublicKey> DpopVerifier::signer_of(const DpopProof& proof) const {
  const auto signed_by = [&proof](const jose::PublicKey& key) {
    return key.verify(proof.jws.header.algorithm, proof.jws.signing_input, proof.jws.signature);
  };
  const crypto::Digest header = crypto::sha256(proof.header());
  auto known = known_keys_.find(header);
  if (known && signed_by(*known)) return std::move(*known);

  // parse_jwk() refuses private members: a client that gives its private key away has none.
  const auto jwk = key_in(proof);
  if (!jwk) return std::unexpected(jwk.error());
  auto key = jose::parse_jwk(*jwk);
  if (!key) return refuse(Reason::dpop_key_unsuitable, key.error().what);
  if (!key->accepts(proof.jws.header.algorithm))
    return refuse(Reason::dpop_key_unsuitable,
                  fmt::format("it is none for {}", name(proof.jws.header.algorithm)));
  if (!signed_by(*key)) return refuse(Reason::dpop_signature_invalid);
  known_keys_.put(header, *key);
  return std::move(*key);
}

Result<void> DpopVerifier::check_claims(const DpopProof& proof, const DpopTarget& target,
                                        TimePoint now) const {
  if (proof.method != target.method)
    return refuse(Reason::dpop_method_mismatch,
                  fmt::format("expected {}; found {}", target.method, quote(proof.method)));
  if (!is_for(proof, target.url))
    return refuse(Reason::dpop_url_mismatch,
                  fmt::format("expected {}; found {}", target.url, quote(proof.url)));

  const auto& [life, skew, nonce_required] = parts_.policy;
  if (proof.issued_at + life + skew <= now || now + skew < proof.issued_at)
    return refuse(Reason::dpop_stale,
                  fmt::format("expected an iat within {} s of {}; found {}", (life + skew).count(),
                              rfc3339(now), rfc3339(proof.issued_at)));
  if (nonce_required)
    if (const auto fits = check_nonce(proof, now); !fits) return fits;
  if (target.access_token && proof.token_hash != target.access_token->base64url())
    return refuse(Reason::dpop_token_mismatch, "expected the hash of the token that it came with");
  return {};
}

// One that nobody asked for is not looked at (section 4.3: "if the server provided a nonce").
Result<void> DpopVerifier::check_nonce(const DpopProof& proof, TimePoint now) const {
  if (!proof.nonce) return refuse(Reason::dpop_nonce_missing);
  if (!parts_.nonces.is_good(*proof.nonce, now)) return refuse(Reason::dpop_nonce_stale);
  return {};
}

} // namespace assay::oauth
