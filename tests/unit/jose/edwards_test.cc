// What is particular to Ed25519 and Ed448: two names for each, and signatures in one spelling.
#include <gtest/gtest.h>

#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

// RFC 8032 sections 5.1 and 5.2: the orders of the base points, least significant byte first.
const std::string kOrderOfEd25519 =
    base64url_decode("7dP1XBpjEljWnPei3vneFAAAAAAAAAAAAAAAAAAAABA").value();
const std::string kOrderOfEd448 =
    base64url_decode("80RYq5LCeCNVj8WNcsJsIZA21q5J207E6SPKfP___________________________________z8A")
        .value();

// The signature with S + order in place of S: the same number to whoever does not look.
std::string with_larger_s(std::string signature, const std::string& order) {
  const std::size_t half = signature.size() / 2;
  int carry = 0;
  for (std::size_t at = 0; at < half; ++at) {
    carry +=
        static_cast<unsigned char>(signature[half + at]) + static_cast<unsigned char>(order[at]);
    signature[half + at] = static_cast<char>(carry & 0xFF);
    carry >>= 8;
  }
  EXPECT_EQ(carry, 0);
  return signature;
}

TEST(Edwards, IsSignedUnderEitherName) {
  const PrivateKey& ed25519 = testing::key_of(KeyType::ed25519);
  EXPECT_EQ(ed25519.sign(Algorithm::eddsa, "text"), ed25519.sign(Algorithm::ed25519, "text"));
  const PrivateKey& ed448 = testing::key_of(KeyType::ed448);
  EXPECT_EQ(ed448.sign(Algorithm::eddsa, "text"), ed448.sign(Algorithm::ed448, "text"));
}

// RFC 9864: the name must fit the curve.
TEST(Edwards, IsVerifiedUnderTheNamesOfItsCurve) {
  for (const KeyType type : {KeyType::ed25519, KeyType::ed448}) {
    const PrivateKey& key = testing::key_of(type);
    const std::string signature = key.sign(Algorithm::eddsa, "text");
    const auto verify = [&](Algorithm algorithm) {
      return key.public_key().verify(algorithm, "text", signature);
    };
    EXPECT_TRUE(verify(Algorithm::eddsa));
    EXPECT_EQ(verify(Algorithm::ed25519), type == KeyType::ed25519);
    EXPECT_EQ(verify(Algorithm::ed448), type == KeyType::ed448);
  }
}

TEST(Edwards, SignsInTheLengthOfItsCurve) {
  EXPECT_EQ(testing::key_of(KeyType::ed25519).sign(Algorithm::eddsa, "text").size(), 64U);
  EXPECT_EQ(testing::key_of(KeyType::ed448).sign(Algorithm::eddsa, "text").size(), 114U);
}

TEST(Edwards, RefusesASecondSpellingOfASignature) {
  const PrivateKey& ed25519 = testing::key_of(KeyType::ed25519);
  EXPECT_FALSE(ed25519.public_key().verify(
      Algorithm::eddsa, "text",
      with_larger_s(ed25519.sign(Algorithm::eddsa, "text"), kOrderOfEd25519)));
  const PrivateKey& ed448 = testing::key_of(KeyType::ed448);
  EXPECT_FALSE(ed448.public_key().verify(
      Algorithm::eddsa, "text",
      with_larger_s(ed448.sign(Algorithm::eddsa, "text"), kOrderOfEd448)));
}

TEST(Edwards, SignsNothingAsWell) {
  for (const KeyType type : {KeyType::ed25519, KeyType::ed448}) {
    const PrivateKey& key = testing::key_of(type);
    EXPECT_TRUE(key.public_key().verify(Algorithm::eddsa, "", key.sign(Algorithm::eddsa, "")));
  }
}

} // namespace
} // namespace assay::jose
