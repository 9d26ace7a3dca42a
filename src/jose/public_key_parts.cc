#include "jose/public_key_parts.h"

#include <utility>

#include "base/assert.h"
#include "jose/jwk_writer.h"
#include "jose/signature_scheme.h"

namespace assay::jose {

namespace {

std::array<unsigned char, kEd25519KeyBytes> raw_ed25519(const CheckedKey& key) {
  std::array<unsigned char, kEd25519KeyBytes> raw{};
  if (key.type() != KeyType::ed25519) return raw;
  std::size_t bytes = raw.size();
  const bool done = EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &bytes) == 1;
  ASSAY_ASSERT(done, "a key with all that its type has");
  return raw;
}

} // namespace

PublicKey::Parts::Parts(CheckedKey checked, KeyLabels own_labels,
                        std::optional<CertificateFacts> facts)
    : key(std::move(checked)), labels(std::move(own_labels)), certificate(std::move(facts)),
      thumbprint(crypto::sha256(json::serialize(public_members(key)))), ed25519(raw_ed25519(key)) {}

PublicKey::Parts::~Parts() {
  for (auto& prototype : prototypes_)
    EVP_MD_CTX_free(prototype.load());
}

const EVP_MD_CTX& PublicKey::Parts::prototype(Algorithm algorithm) const {
  auto& slot = prototypes_[static_cast<std::size_t>(algorithm)];
  if (const EVP_MD_CTX* ready = slot.load(std::memory_order_acquire)) return *ready;

  crypto::DigestContextHandle made(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr; // owned by `made`
  const bool good =
      made &&
      EVP_DigestVerifyInit(made.get(), &context, digest_of(algorithm), nullptr, key.get()) == 1 &&
      set_padding(*context, algorithm);
  ASSAY_ASSERT(good, "a context for a key that fits its algorithm");
  EVP_MD_CTX* earlier = nullptr;
  // Of two threads that made one at the same time, the later takes the earlier's.
  if (slot.compare_exchange_strong(earlier, made.get(), std::memory_order_acq_rel))
    return *made.release();
  return *earlier;
}

} // namespace assay::jose
