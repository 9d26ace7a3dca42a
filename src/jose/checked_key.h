// A key of OpenSSL's that is fit for a signature algorithm of the table. Internal to jose/.
#pragma once

#include <memory>
#include <utility>

#include "crypto/openssl.h"
#include "jose/algorithm.h"
#include "jose/key_fault.h"

namespace assay::jose {

// Cheap to copy, immutable. Whether it has a private half too is its maker's knowledge.
class CheckedKey {
public:
  // The one way to make it, whichever form the key came in. Refused: null (the key could not be
  // read), a type or curve outside the table, a curve given by its parameters rather than by name
  // (RFC 5480 section 2.1.1), RSA outside kRsaBitsMin to kRsaBitsMax, an even modulus, an exponent
  // that is even, below 3 or above 33 bits, a point that is off its curve, of small order or in a
  // second spelling. May leave something in the error queue: the readers clean it.
  static KeyResult<CheckedKey> make(crypto::KeyHandle key);

  KeyType type() const { return type_; }
  EVP_PKEY* get() const { return key_.get(); }

private:
  CheckedKey(crypto::KeyHandle key, KeyType type) : key_(std::move(key)), type_(type) {}

  std::shared_ptr<EVP_PKEY> key_;
  KeyType type_;
};

} // namespace assay::jose
