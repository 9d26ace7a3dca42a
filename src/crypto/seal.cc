#include "crypto/seal.h"

#include <sodium.h>

#include "base/assert.h"
#include "crypto/keyed_digest.h"

namespace assay::crypto {

namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kDerivedKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::string seal(std::string_view text, std::string_view secret, std::string_view purpose,
                 const Random& random) {
  std::string sealed(kNonceBytes + text.size() + kTagBytes, '\0');
  auto* const nonce = reinterpret_cast<unsigned char*>(sealed.data());
  random({nonce, kNonceBytes});
  DerivedKey key = derive_key(secret, purpose);
  const int outcome = crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr,
                                                                 bytes(text), text.size(), nullptr,
                                                                 0, nullptr, nonce, key.data());
  sodium_memzero(key.data(), key.size());
  ASSAY_ASSERT(outcome == 0, "encryption cannot fail");
  return sealed;
}

std::optional<Secret> unseal(std::string_view sealed, std::string_view secret,
                             std::string_view purpose) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  std::string text(sealed.size() - kNonceBytes - kTagBytes, '\0');
  DerivedKey key = derive_key(secret, purpose);
  const int outcome = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr,
      bytes(sealed.substr(kNonceBytes)), sealed.size() - kNonceBytes, nullptr, 0, bytes(sealed),
      key.data());
  sodium_memzero(key.data(), key.size());
  if (outcome != 0) return std::nullopt;
  return Secret(std::move(text));
}

} // namespace assay::crypto
