#include "jose/public_key.h"

#include <span>

#include <openssl/pem.h>

#include "base/assert.h"
#include "base/strict_json.h"
#include "crypto/memory_bio.h"
#include "jose/curves.h"
#include "jose/ecdsa_signature.h"
#include "jose/jwk_writer.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

bool verify_by_openssl(const EVP_MD_CTX* prepared, std::string_view signing_input,
                       std::span<const unsigned char> signature) {
  ASSAY_ASSERT(prepared, "a context for a key that fits its algorithm");
  thread_local const crypto::DigestContextHandle context(EVP_MD_CTX_new());
  const bool good = EVP_MD_CTX_copy_ex(context.get(), prepared) == 1 &&
                    EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     crypto::bytes_of(signing_input), signing_input.size()) == 1;
  // What a bad signature leaves behind must not be taken for the next call's fault.
  if (!good) ERR_clear_error();
  return good;
}

} // namespace

KeyType PublicKey::type() const { return parts_->key.type(); }

int PublicKey::bits() const { return EVP_PKEY_get_bits(parts_->key.get()); }

const std::optional<std::string>& PublicKey::key_id() const { return parts_->labels.key_id; }

const std::optional<Algorithm>& PublicKey::algorithm() const { return parts_->labels.algorithm; }

const std::optional<CertificateFacts>& PublicKey::certificate() const {
  return parts_->certificate;
}

const crypto::Digest& PublicKey::thumbprint() const { return parts_->thumbprint; }

std::string PublicKey::to_jwk() const {
  json::object jwk = public_members(parts_->key);
  if (key_id()) jwk["kid"] = *key_id();
  if (algorithm()) jwk["alg"] = name(*algorithm());
  return json::serialize(jwk);
}

std::string PublicKey::to_pem() const {
  const crypto::BioHandle bio = crypto::writing_bio();
  const bool written = PEM_write_bio_PUBKEY(bio.get(), parts_->key.get()) == 1;
  ASSAY_ASSERT(written, "a key that can be written");
  return crypto::written_text(*bio);
}

bool PublicKey::accepts(Algorithm algorithm) const {
  const auto& own = parts_->labels.algorithm;
  return fits(algorithm, type()) && (!own || *own == algorithm);
}

bool PublicKey::verify(Algorithm algorithm, std::string_view signing_input,
                       std::string_view signature) const {
  if (!accepts(algorithm)) return false;
  switch (type()) {
  case KeyType::ed25519: return verify_ed25519(parts_->ed25519, signing_input, signature);
  case KeyType::ec_p256:
  case KeyType::ec_p384:
  case KeyType::ec_p521: {
    if (signature.size() != ecdsa_signature_bytes(type())) return false;
    const DerSignature der = ecdsa_to_der(signature);
    return verify_by_openssl(parts_->contexts.of(algorithm), signing_input, der.view());
  }
  case KeyType::rsa:
  case KeyType::ed448:
    return verify_by_openssl(parts_->contexts.of(algorithm), signing_input,
                             {crypto::bytes_of(signature), signature.size()});
  }
  ASSAY_ASSERT(false, "a KeyType");
}

} // namespace assay::jose
