// What a PublicKey is made of. Internal to jose/.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <string>

#include "crypto/openssl.h"
#include "jose/public_key.h"

namespace assay::jose {

struct PublicKey::Parts {
  ~Parts();

  KeyType type{};
  int bits = 0;
  std::optional<std::string> key_id;
  std::optional<Algorithm> algorithm;
  std::optional<CertificateFacts> certificate;
  crypto::Digest thumbprint;
  crypto::KeyHandle key;
  std::array<unsigned char, 32> ed25519{}; // the raw key, for libsodium

  // An initialised context an algorithm, made at its first use and from then on only copied: a
  // const argument of OpenSSL's may be shared between threads (openssl-threads(7)).
  const EVP_MD_CTX* prototype(Algorithm for_algorithm) const;

private:
  mutable std::array<std::atomic<EVP_MD_CTX*>, kAlgorithmCount> prototypes_{};
};

// The digest and padding that the algorithm wants, on a context that is being initialised for
// signing or verifying.
const EVP_MD*
digest_of(Algorithm algorithm); // null for the Edwards curves, which hash by themselves
bool set_padding(EVP_PKEY_CTX* context, Algorithm algorithm);

} // namespace assay::jose
