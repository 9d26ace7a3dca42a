// SHA-256, and comparing digests without telling by time where they differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace assay::crypto {

// A value; hashes and orders so that it can be a key. The bytes are uniformly distributed, so the
// first eight are a good hash.
class Digest {
public:
  static constexpr std::size_t kBytes = 32;

  Digest() = default;
  explicit Digest(const std::array<unsigned char, kBytes>& bytes) : bytes_(bytes) {}

  const std::array<unsigned char, kBytes>& bytes() const { return bytes_; }
  std::string hex() const;
  std::string base64url() const;

  // Not for checking secrets (see constant_time_equal): for look-ups, where the digest is the key.
  auto operator<=>(const Digest&) const = default;

private:
  std::array<unsigned char, kBytes> bytes_{};
};

Digest sha256(std::string_view text);

// For everything that an attacker could guess byte after byte.
bool constant_time_equal(const Digest& left, const Digest& right);

struct DigestHash {
  std::size_t operator()(const Digest& digest) const {
    std::size_t hash = 0;
    std::memcpy(&hash, digest.bytes().data(), sizeof hash);
    return hash;
  }
};

} // namespace assay::crypto
