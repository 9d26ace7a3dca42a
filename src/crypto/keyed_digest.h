// Digests that only the holder of a secret can make, and keys that are made from a secret.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "crypto/digest.h"

namespace assay::crypto {

inline constexpr std::size_t kDerivedKeyBytes = 32;
using DerivedKey = std::array<unsigned char, kDerivedKeyBytes>;

// HKDF-SHA256 (RFC 5869 sections 2.2 and 2.3) without salt. The secret has at least 128 bits of
// chance. `purpose` keeps one use of a secret apart from another. Whoever has the key wipes it.
DerivedKey derive_key(std::string_view secret, std::string_view purpose);

// HMAC-SHA256 (RFC 2104). Thread-safe.
class KeyedDigest {
public:
  KeyedDigest(std::string_view secret, std::string_view purpose)
      : key_(derive_key(secret, purpose)) {}
  ~KeyedDigest();
  KeyedDigest(const KeyedDigest&) = delete;
  KeyedDigest& operator=(const KeyedDigest&) = delete;

  Digest of(std::string_view text) const;

private:
  DerivedKey key_;
};

} // namespace assay::crypto
