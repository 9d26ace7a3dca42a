#include "crypto/random.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/assert.h"

namespace assay::crypto {

namespace {

// RAND_bytes costs about a microsecond however few bytes it gives.
class Pool {
public:
  void take(std::span<unsigned char> bytes) {
    while (!bytes.empty()) {
      if (used_ == block_.size()) refill();
      const std::size_t count = std::min(bytes.size(), block_.size() - used_);
      std::memcpy(bytes.data(), &block_[used_], count);
      // What was given out must not be found here by whoever reads this memory later.
      OPENSSL_cleanse(&block_[used_], count);
      used_ += count;
      bytes = bytes.subspan(count);
    }
  }

private:
  void refill() {
    const int filled = RAND_bytes(block_.data(), static_cast<int>(block_.size()));
    ASSAY_ASSERT(filled == 1, "a seeded random generator");
    used_ = 0;
  }

  std::array<unsigned char, 2048> block_{};
  std::size_t used_ = block_.size();
};

} // namespace

void secure_random(std::span<unsigned char> bytes) {
  thread_local Pool pool;
  pool.take(bytes);
}

std::string random_alphanumeric(std::size_t length, const Random& random) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  // The largest multiple of 62 that a byte can hold: above it the remainder would favour some.
  constexpr unsigned kAccepted = 256 / 62 * 62;
  std::string text;
  text.reserve(length);
  std::array<unsigned char, 64> bytes{};
  while (text.size() < length) {
    random(bytes);
    for (const unsigned char byte : bytes)
      if (byte < kAccepted && text.size() < length) text.push_back(kAlphabet[byte % 62U]);
  }
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

std::string random_hex(std::size_t bytes, const Random& random) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string raw(bytes, '\0');
  random(std::span(reinterpret_cast<unsigned char*>(raw.data()), raw.size()));
  std::string text;
  text.reserve(2 * bytes);
  for (const char character : raw) {
    const auto byte = static_cast<unsigned char>(character);
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0x0FU]);
  }
  return text;
}

} // namespace assay::crypto
