// What a PublicKey is made of. Internal to jose/.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <string>

#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "jose/checked_key.h"
#include "jose/ed25519.h"
#include "jose/jwk_reader.h"
#include "jose/public_key.h"

namespace assay::jose {

struct PublicKey::Parts {
  explicit Parts(CheckedKey key, KeyLabels labels = {},
                 std::optional<CertificateFacts> certificate = {});
  ~Parts();
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  const CheckedKey key;
  const KeyLabels labels;
  const std::optional<CertificateFacts> certificate;
  const crypto::Digest thumbprint;

  // The raw key, for libsodium; zeros for another type.
  const std::array<unsigned char, kEd25519KeyBytes> ed25519;

  // An initialised context an algorithm, made at its first use and from then on only copied: a
  // const argument of OpenSSL's may be shared between threads (openssl-threads(7)).
  const EVP_MD_CTX& prototype(Algorithm algorithm) const;

private:
  mutable std::array<std::atomic<EVP_MD_CTX*>, kAlgorithmCount> prototypes_{};
};

} // namespace assay::jose
