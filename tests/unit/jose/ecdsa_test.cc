// What is particular to ECDSA: the form of its signatures, and one algorithm a curve.
#include <gtest/gtest.h>

#include "jose/curves.h"
#include "jose/ecdsa_signature.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

constexpr std::array kEcTypes{KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521};

std::string signature_of(KeyType type) {
  const PrivateKey& key = testing::key_of(type);
  return key.sign(key.default_algorithm(), "text");
}

bool verifies(KeyType type, const std::string& signature) {
  const PrivateKey& key = testing::key_of(type);
  return key.public_key().verify(key.default_algorithm(), "text", signature);
}

// RFC 7518 section 3.4.
TEST(Ecdsa, SignsInTheFixedLengthOfTheCurve) {
  EXPECT_EQ(signature_of(KeyType::ec_p256).size(), 64U);
  EXPECT_EQ(signature_of(KeyType::ec_p384).size(), 96U);
  EXPECT_EQ(signature_of(KeyType::ec_p521).size(), 132U);
}

TEST(Ecdsa, RefusesTheSameSignatureAsDer) {
  for (const KeyType type : kEcTypes) {
    const std::string joined = signature_of(type);
    const DerSignature der = ecdsa_to_der(joined);
    ASSERT_TRUE(verifies(type, joined));
    EXPECT_FALSE(verifies(type, std::string(der.view().begin(), der.view().end())));
  }
}

// To whoever reads only the numbers, zeros before them change nothing: a second spelling.
TEST(Ecdsa, RefusesTheSameNumbersInAnotherLength) {
  for (const KeyType type : {KeyType::ec_p256, KeyType::ec_p384}) {
    const std::string good = signature_of(type);
    const std::size_t half = good.size() / 2;
    const std::string zero(1, '\0');
    EXPECT_FALSE(verifies(type, zero + good.substr(0, half) + zero + good.substr(half)));
  }
}

// A DER signature can be as long as R||S; then it is read as R||S, and is none.
TEST(Ecdsa, RefusesDerOfTheLengthOfTheCurve) {
  std::string der = "\x30\x3E\x02\x1D";
  der.append(29, '\1').append("\x02\x1D").append(29, '\1');
  ASSERT_EQ(der.size(), 64U);
  EXPECT_FALSE(verifies(KeyType::ec_p256, der));
}

// The zero that fits everything in an implementation without this check (CVE-2022-21449).
TEST(Ecdsa, RefusesZeroForEitherNumber) {
  for (const KeyType type : kEcTypes) {
    const std::size_t half = ecdsa_signature_bytes(type) / 2;
    const std::string good = signature_of(type);
    const std::string zero(half, '\0');
    EXPECT_FALSE(verifies(type, zero + zero)) << name(type);
    EXPECT_FALSE(verifies(type, zero + good.substr(half))) << name(type);
    EXPECT_FALSE(verifies(type, good.substr(0, half) + zero)) << name(type);
  }
}

TEST(Ecdsa, RefusesNumbersBeyondTheOrder) {
  for (const KeyType type : kEcTypes) {
    const std::size_t half = ecdsa_signature_bytes(type) / 2;
    const std::string good = signature_of(type);
    const std::string large(half, '\xFF');
    EXPECT_FALSE(verifies(type, large + good.substr(half))) << name(type);
    EXPECT_FALSE(verifies(type, good.substr(0, half) + large)) << name(type);
  }
}

TEST(Ecdsa, VerifiesNumbersWithLeadingZeros) {
  const PrivateKey& key = testing::key_of(KeyType::ec_p256);
  int seen = 0;
  for (int round = 0; round < 20'000 && seen < 2; ++round) {
    const std::string signature = key.sign(Algorithm::es256, "text");
    if (signature[0] != '\0' && signature[32] != '\0') continue;
    ++seen;
    EXPECT_TRUE(key.public_key().verify(Algorithm::es256, "text", signature));
  }
  EXPECT_EQ(seen, 2);
}

TEST(Ecdsa, HasOneAlgorithmForEachCurve) {
  for (const KeyType type : kEcTypes) {
    const PrivateKey& key = testing::key_of(type);
    const std::string signature = key.sign(key.default_algorithm(), "text");
    for (const Algorithm algorithm : {Algorithm::es256, Algorithm::es384, Algorithm::es512})
      EXPECT_EQ(key.public_key().verify(algorithm, "text", signature),
                algorithm == key.default_algorithm());
  }
}

} // namespace
} // namespace assay::jose
