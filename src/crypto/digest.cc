#include "crypto/digest.h"

#include <openssl/crypto.h>

#include "base/assert.h"
#include "base/base64url.h"
#include "crypto/openssl.h"

namespace assay::crypto {

std::string Digest::hex() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * kBytes);
  for (const unsigned char byte : bytes_) {
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0x0FU]);
  }
  return text;
}

std::string Digest::base64url() const { return base64url_encode(bytes_); }

Digest sha256(std::string_view text) {
  // OpenSSL 3.0 looks an algorithm up by name at each use, which costs more than the hashing of a
  // token; so the algorithm is looked up once, and each thread keeps a context.
  static const DigestMethodHandle method(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  thread_local const DigestContextHandle context(EVP_MD_CTX_new());
  std::array<unsigned char, Digest::kBytes> bytes{};
  const bool done = EVP_DigestInit_ex2(context.get(), method.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), bytes.data(), nullptr) == 1;
  ASSAY_ASSERT(done, "SHA-256 from OpenSSL");
  return Digest(bytes);
}

bool constant_time_equal(const Digest& left, const Digest& right) {
  return CRYPTO_memcmp(left.bytes().data(), right.bytes().data(), Digest::kBytes) == 0;
}

} // namespace assay::crypto
