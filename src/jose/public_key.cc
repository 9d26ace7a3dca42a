#include "jose/public_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "base/assert.h"
#include "jose/ecdsa_signature.h"
#include "jose/evp_key.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_pss(Algorithm algorithm) {
  return algorithm == Algorithm::ps256 || algorithm == Algorithm::ps384 ||
         algorithm == Algorithm::ps512;
}

bool is_ecdsa(KeyType type) {
  return type == KeyType::ec_p256 || type == KeyType::ec_p384 || type == KeyType::ec_p521;
}

} // namespace

const EVP_MD* digest_of(Algorithm algorithm) {
  switch (algorithm) {
  case Algorithm::rs256:
  case Algorithm::ps256:
  case Algorithm::es256: return EVP_sha256();
  case Algorithm::rs384:
  case Algorithm::ps384:
  case Algorithm::es384: return EVP_sha384();
  case Algorithm::rs512:
  case Algorithm::ps512:
  case Algorithm::es512: return EVP_sha512();
  case Algorithm::eddsa:
  case Algorithm::ed25519:
  case Algorithm::ed448: return nullptr;
  }
  ASSAY_ASSERT(false, "an Algorithm");
}

bool set_padding(EVP_PKEY_CTX* context, Algorithm algorithm) {
  if (!is_pss(algorithm)) return true;
  // RFC 7518 section 3.5: MGF1 with the same hash, a salt as long as the hash.
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest_of(algorithm)) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

PublicKey::Parts::~Parts() {
  for (auto& prototype : prototypes_)
    EVP_MD_CTX_free(prototype.load());
}

const EVP_MD_CTX* PublicKey::Parts::prototype(Algorithm for_algorithm) const {
  auto& slot = prototypes_[static_cast<std::size_t>(for_algorithm)];
  if (const EVP_MD_CTX* ready = slot.load(std::memory_order_acquire)) return ready;

  crypto::DigestContextHandle made(EVP_MD_CTX_new());
  EVP_PKEY_CTX* padding = nullptr; // owned by `made`
  const bool good = made &&
                    EVP_DigestVerifyInit(made.get(), &padding, digest_of(for_algorithm), nullptr,
                                         key.get()) == 1 &&
                    set_padding(padding, for_algorithm);
  ASSAY_ASSERT(good, "a context for a key that fits its algorithm");
  EVP_MD_CTX* expected = nullptr;
  // Of two threads that made one at the same time, the later takes the earlier's.
  if (slot.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel))
    return made.release();
  return expected;
}

KeyType PublicKey::type() const { return parts_->type; }

int PublicKey::bits() const { return parts_->bits; }

const std::optional<std::string>& PublicKey::key_id() const { return parts_->key_id; }

const std::optional<Algorithm>& PublicKey::algorithm() const { return parts_->algorithm; }

const std::optional<CertificateFacts>& PublicKey::certificate() const {
  return parts_->certificate;
}

const crypto::Digest& PublicKey::thumbprint() const { return parts_->thumbprint; }

std::string PublicKey::to_jwk() const {
  json::object jwk = public_members(*parts_->key, parts_->type);
  if (parts_->key_id) jwk["kid"] = *parts_->key_id;
  if (parts_->algorithm) jwk["alg"] = name(*parts_->algorithm);
  return json::serialize(jwk);
}

std::string PublicKey::to_pem() const {
  const crypto::BioHandle memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(memory.get(), parts_->key.get());
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

bool PublicKey::accepts(Algorithm algorithm) const {
  return fits(algorithm, parts_->type) && (!parts_->algorithm || *parts_->algorithm == algorithm);
}

bool PublicKey::verify(Algorithm algorithm, std::string_view signing_input,
                       std::string_view signature) const {
  if (!accepts(algorithm)) return false;
  if (parts_->type == KeyType::ed25519) // twice as fast as OpenSSL 3.0
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(bytes_of(signature), bytes_of(signing_input),
                                       signing_input.size(), parts_->ed25519.data()) == 0;

  DerSignature der;
  if (is_ecdsa(parts_->type)) {
    if (signature.size() != ecdsa_signature_bytes(parts_->type)) return false;
    der = ecdsa_to_der(signature);
    signature = {reinterpret_cast<const char*>(der.bytes.data()), der.size};
  }
  thread_local const crypto::DigestContextHandle context(EVP_MD_CTX_new());
  return EVP_MD_CTX_copy_ex(context.get(), parts_->prototype(algorithm)) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                          bytes_of(signing_input), signing_input.size()) == 1;
}

} // namespace assay::jose
