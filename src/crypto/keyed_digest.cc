#include "crypto/keyed_digest.h"

#include <span>
#include <string>

#include <sodium.h>

namespace assay::crypto {

namespace {

static_assert(kDerivedKeyBytes == crypto_auth_hmacsha256_BYTES, "one block of HKDF is the key");

DerivedKey hmac(std::span<const unsigned char> key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  DerivedKey result{};
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  crypto_auth_hmacsha256_final(&state, result.data());
  return result;
}

} // namespace

DerivedKey derive_key(std::string_view secret, std::string_view purpose) {
  const DerivedKey salt{};
  DerivedKey extracted = hmac(salt, secret);
  const DerivedKey key = hmac(extracted, std::string(purpose) + '\x01');
  sodium_memzero(extracted.data(), extracted.size());
  return key;
}

KeyedDigest::~KeyedDigest() { sodium_memzero(key_.data(), key_.size()); }

Digest KeyedDigest::of(std::string_view text) const { return Digest(hmac(key_, text)); }

} // namespace assay::crypto
