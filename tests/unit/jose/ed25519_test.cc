#include "jose/ed25519.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>
#include <sodium.h>

#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

using Encoded = std::array<unsigned char, kEd25519KeyBytes>;

// From hexadecimal, the least significant byte of y first, as RFC 8032 has them.
Encoded point(std::string_view digits) {
  Encoded encoded{};
  EXPECT_EQ(sodium_hex2bin(encoded.data(), encoded.size(), digits.data(), digits.size(), nullptr,
                           nullptr, nullptr),
            0);
  return encoded;
}

Encoded sample() {
  Encoded encoded{};
  std::ranges::copy(octets_of(public_jwk(KeyType::ed25519), "x"), encoded.begin());
  return encoded;
}

constexpr std::string_view kOfOrderEight =
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

TEST(Ed25519, TakesAnyKeyThatWasMade) {
  Encoded key = sample();
  EXPECT_TRUE(is_ed25519_public_key(key));
  key.back() ^= 0x80U; // the same y, the other x
  EXPECT_TRUE(is_ed25519_public_key(key));
}

TEST(Ed25519, RefusesAPointOffTheCurve) {
  Encoded two{};
  two.front() = 2;
  EXPECT_FALSE(is_ed25519_public_key(two));
}

// Under such a key one signature fits every message, or every eighth.
TEST(Ed25519, RefusesAKeyOfSmallOrder) {
  for (const std::string_view y :
       {std::string_view("0100000000000000000000000000000000000000000000000000000000000000"),
        std::string_view("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        std::string_view("0000000000000000000000000000000000000000000000000000000000000000"),
        std::string_view("0000000000000000000000000000000000000000000000000000000000000080"),
        kOfOrderEight,
        std::string_view("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        std::string_view("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        std::string_view("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")})
    EXPECT_FALSE(is_ed25519_public_key(point(y))) << y;
}

TEST(Ed25519, RefusesAKeyWithAPartOfSmallOrder) {
  Encoded sum{};
  ASSERT_EQ(crypto_core_ed25519_add(sum.data(), sample().data(), point(kOfOrderEight).data()), 0);
  EXPECT_FALSE(is_ed25519_public_key(sum));
}

TEST(Ed25519, VerifiesASignatureOfSixtyFourBytes) {
  const std::string signature = testing::key_of(KeyType::ed25519).sign(Algorithm::eddsa, "text");
  EXPECT_TRUE(verify_ed25519(sample(), "text", signature));
  EXPECT_FALSE(verify_ed25519(sample(), "Text", signature));
  EXPECT_FALSE(verify_ed25519(sample(), "text", signature + '\0'));
  EXPECT_FALSE(verify_ed25519(sample(), "text", signature.substr(0, 63)));
  EXPECT_FALSE(verify_ed25519(sample(), "text", ""));
}

} // namespace
} // namespace assay::jose
