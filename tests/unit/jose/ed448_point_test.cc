#include "jose/ed448_point.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

using Encoded = std::array<unsigned char, kEd448KeyBytes>;

// y in the first 56 bytes, least significant first; the sign of x in the last one.
Encoded small(unsigned char y, bool negative = false) {
  Encoded encoded{};
  encoded.front() = y;
  encoded.back() = negative ? 0x80 : 0;
  return encoded;
}

// 2^448 - 2^224 - 1 - `below`
Encoded prime_minus(unsigned char below) {
  Encoded encoded{};
  std::fill_n(encoded.begin(), 56, 0xFF);
  encoded[28] = 0xFE;
  encoded.front() = static_cast<unsigned char>(0xFF - below);
  return encoded;
}

TEST(Ed448Point, IsAnyKeyThatWasMade) {
  const std::string x = octets_of(public_jwk(KeyType::ed448), "x");
  Encoded encoded{};
  std::ranges::copy(x, encoded.begin());
  EXPECT_TRUE(is_ed448_public_key(encoded));
  encoded.back() ^= 0x80U;
  EXPECT_TRUE(is_ed448_public_key(encoded));
}

TEST(Ed448Point, IsOnTheCurve) {
  EXPECT_TRUE(is_ed448_public_key(small(3)));
  EXPECT_FALSE(is_ed448_public_key(small(2)));
  EXPECT_FALSE(is_ed448_public_key(small(6)));
}

TEST(Ed448Point, IsNotOfSmallOrder) {
  EXPECT_FALSE(is_ed448_public_key(small(0)));
  EXPECT_FALSE(is_ed448_public_key(small(0, true)));
  EXPECT_FALSE(is_ed448_public_key(small(1)));
  EXPECT_FALSE(is_ed448_public_key(small(1, true)));
  EXPECT_FALSE(is_ed448_public_key(prime_minus(1)));
}

TEST(Ed448Point, HasOneSpelling) {
  Encoded three_and_the_prime{}; // 2^448 - 2^224 + 2
  std::fill_n(three_and_the_prime.begin() + 28, 28, 0xFF);
  three_and_the_prime.front() = 2;
  EXPECT_FALSE(is_ed448_public_key(three_and_the_prime));
  EXPECT_FALSE(is_ed448_public_key(prime_minus(0)));

  Encoded bits_beside_the_sign = small(3);
  bits_beside_the_sign.back() = 0x01;
  EXPECT_FALSE(is_ed448_public_key(bits_beside_the_sign));
}

} // namespace
} // namespace assay::jose
