#include "jose/key_material.h"

#include <gtest/gtest.h>

#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

std::string fault_of_public(const json::object& jwk) {
  return fault_of(read_key_material(jwk, KeyHalf::public_only));
}

std::string fault_of_private(const json::object& jwk) {
  return fault_of(read_key_material(jwk, KeyHalf::with_private));
}

TEST(KeyMaterial, IsReadForEachType) {
  for (const KeyType type : kAllKeyTypes) {
    const auto of_public = read_key_material(public_jwk(type), KeyHalf::public_only);
    const auto of_private = read_key_material(private_jwk(type), KeyHalf::with_private);
    ASSERT_TRUE(of_public) << name(type);
    ASSERT_TRUE(of_private) << name(type);
    EXPECT_EQ(of_public->type(), type);
    EXPECT_EQ(EVP_PKEY_eq(of_public->get(), of_private->get()), 1) << name(type);
  }
}

TEST(KeyMaterial, NeedsEachOfItsMembers) {
  for (const KeyType type : kAllKeyTypes) {
    const json::object jwk = public_jwk(type);
    for (const auto& member : jwk)
      EXPECT_EQ(fault_of_public(without(jwk, member.key())),
                "the member " + std::string(member.key()) + " is missing")
          << name(type);
  }
}

TEST(KeyMaterial, NeedsAKnownType) {
  for (const char* type : {"oct", "rsa", "AKP", ""})
    EXPECT_EQ(fault_of_public({{"kty", type}}), "the member kty must be RSA, EC or OKP");
  EXPECT_EQ(fault_of_public({{"kty", 1}}), "the member kty must be a string");
}

TEST(KeyMaterial, NeedsACurveOfItsType) {
  const json::object ec = public_jwk(KeyType::ec_p256);
  for (const char* curve : {"secp256k1", "p-256", "Ed25519", ""})
    EXPECT_EQ(fault_of_public(with(ec, "crv", curve)),
              "the member crv of an EC key must be P-256, P-384 or P-521");
  const json::object okp = public_jwk(KeyType::ed25519);
  for (const char* curve : {"X25519", "X448", "P-256", "ed25519"})
    EXPECT_EQ(fault_of_public(with(okp, "crv", curve)),
              "the member crv of an OKP key must be Ed25519 or Ed448");
}

TEST(KeyMaterial, KnowsTheCurvesThatItTakes) {
  EXPECT_TRUE(is_known_curve("P-256"));
  EXPECT_TRUE(is_known_curve("Ed448"));
  EXPECT_FALSE(is_known_curve("secp256k1"));
  EXPECT_FALSE(is_known_curve(""));
}

// Whoever multiplies a point that is off the curve gives away bits of the number.
TEST(KeyMaterial, RefusesAPointOffTheCurve) {
  for (const KeyType type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    const json::object jwk = public_jwk(type);
    std::string y = octets_of(jwk, "y");
    y.back() = static_cast<char>(y.back() ^ 1);
    EXPECT_EQ(fault_of_public(with_octets(jwk, "y", y)),
              "the members x and y are no point of the curve");
    EXPECT_EQ(fault_of_public(with_octets(jwk, "x", std::string(y.size(), '\0'))),
              "the members x and y are no point of the curve");
  }
}

TEST(KeyMaterial, RefusesACoordinateBeyondTheField) {
  const json::object jwk = public_jwk(KeyType::ec_p256);
  EXPECT_EQ(fault_of_public(with_octets(jwk, "x", std::string(32, '\xFF'))),
            "the members x and y are no point of the curve");
}

// RFC 7518 section 6.2.1.2: the length is that of the field, neither less nor more.
TEST(KeyMaterial, RefusesACoordinateOfAnotherLength) {
  const json::object jwk = public_jwk(KeyType::ec_p256);
  const std::string x = octets_of(jwk, "x");
  EXPECT_EQ(fault_of_public(with_octets(jwk, "x", x.substr(1))),
            "the member x must have 32 bytes on this curve");
  EXPECT_EQ(fault_of_public(with_octets(jwk, "x", std::string(1, '\0') + x)),
            "the member x has more than 32 bytes");
}

TEST(KeyMaterial, RefusesAnotherCurvesPoint) {
  const json::object jwk = public_jwk(KeyType::ec_p384);
  EXPECT_EQ(fault_of_public(with(jwk, "crv", "P-256")), "the member x has more than 32 bytes");
  EXPECT_EQ(fault_of_public(with(jwk, "crv", "P-521")),
            "the member x must have 66 bytes on this curve");
}

TEST(KeyMaterial, RefusesAModulusOfManyBytes) {
  const json::object jwk = public_jwk(KeyType::rsa);
  EXPECT_EQ(fault_of_public(with_octets(jwk, "n", std::string(1025, '\xFF'))),
            "the member n has more than 1024 bytes");
  EXPECT_EQ(fault_of_public(with_octets(jwk, "e", std::string(1025, '\xFF'))),
            "the member e has more than 1024 bytes");
}

TEST(KeyMaterial, RefusesARsaKeyThatIsWeak) {
  const json::object jwk = public_jwk(KeyType::rsa);
  EXPECT_EQ(fault_of_public(with_octets(jwk, "n", std::string(128, '\xFF'))),
            "an RSA key needs at least 2048 bits, this one has 1024");
  EXPECT_EQ(fault_of_public(with(jwk, "e", "AQ")),
            "the RSA exponent must be odd, at least 3 and at most 33 bits long");
}

TEST(KeyMaterial, SignsWithoutTheFactorsOfARsaKey) {
  json::object jwk = private_jwk(KeyType::rsa);
  for (const char* factor : {"p", "q", "dp", "dq", "qi"})
    jwk.erase(factor);
  EXPECT_EQ(fault_of_private(jwk), "");
}

// RFC 7518 section 6.3.2.
TEST(KeyMaterial, WantsAllOfTheFactorsOrNone) {
  const json::object jwk = private_jwk(KeyType::rsa);
  for (const char* factor : {"p", "q", "dp", "dq", "qi"})
    EXPECT_EQ(fault_of_private(without(jwk, factor)),
              "the member " + std::string(factor) + " is missing");
  EXPECT_EQ(fault_of_private(with(jwk, "oth", json::array())),
            "an RSA key may have two prime factors, not more");
}

// RFC 7518 section 6.2.2.1: a private key has leading zeros up to the length of the order.
TEST(KeyMaterial, ReadsAPrivateKeyOfTheCurvesLength) {
  const json::object jwk = private_jwk(KeyType::ec_p521);
  ASSERT_EQ(octets_of(jwk, "d").size(), 66U);
  EXPECT_EQ(octets_of(jwk, "d").front() & 0xFE, 0);
  EXPECT_EQ(fault_of_private(jwk), "");
  EXPECT_EQ(fault_of_private(with_octets(jwk, "d", octets_of(jwk, "d").substr(1))),
            "the member d must have 66 bytes on this curve");
}

TEST(KeyMaterial, RefusesEdwardsHalvesThatDoNotBelongTogether) {
  for (const KeyType type : {KeyType::ed25519, KeyType::ed448}) {
    json::object jwk = private_jwk(type);
    std::string d = octets_of(jwk, "d");
    d.front() = static_cast<char>(d.front() ^ 1);
    EXPECT_EQ(fault_of_private(with_octets(jwk, "d", d)),
              "the members x and d do not belong together");
  }
}

} // namespace
} // namespace assay::jose
