#include "jose/public_key_parts.h"

#include <utility>

#include "base/assert.h"
#include "jose/jwk_writer.h"

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
      thumbprint(crypto::sha256(json::serialize(public_members(key)))), ed25519(raw_ed25519(key)),
      contexts(key, KeyUse::verifying) {}

} // namespace assay::jose
