// What OpenSSL works out about a key before it signs or verifies with it, kept for the next time.
// Internal to jose/.
#pragma once

#include <array>
#include <atomic>
#include <utility>

#include "crypto/openssl.h"
#include "jose/algorithm.h"
#include "jose/checked_key.h"

namespace assay::jose {

enum class KeyUse { signing, verifying };

// Of one key. Thread-safe.
class PreparedContexts {
public:
  PreparedContexts(CheckedKey key, KeyUse use) : key_(std::move(key)), use_(use) {}
  ~PreparedContexts();
  PreparedContexts(const PreparedContexts&) = delete;
  PreparedContexts& operator=(const PreparedContexts&) = delete;

  // An initialised context, made at the algorithm's first use and from then on only copied: a const
  // argument of OpenSSL's may be shared between threads (openssl-threads(7)). Null if OpenSSL does
  // not take the key for the algorithm. A copy is good for one signature.
  const EVP_MD_CTX* of(Algorithm algorithm) const;

private:
  crypto::DigestContextHandle made_for(Algorithm algorithm) const;

  const CheckedKey key_;
  const KeyUse use_;
  mutable std::array<std::atomic<EVP_MD_CTX*>, kAlgorithmCount> contexts_{};
};

} // namespace assay::jose
