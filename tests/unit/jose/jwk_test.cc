#include "jose/jwk.h"

#include <gtest/gtest.h>

#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

std::string fault_of_jwk(const json::object& jwk) { return fault_of(parse_jwk(jwk)); }

TEST(Jwk, IsReadForEachType) {
  for (const KeyType type : kAllKeyTypes) {
    const auto key = parse_jwk(public_jwk(type));
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->type(), type);
    EXPECT_FALSE(key->key_id());
    EXPECT_FALSE(key->algorithm());
    EXPECT_FALSE(key->certificate());
  }
}

TEST(Jwk, IsReadFromText) {
  const auto key = parse_jwk(json::serialize(public_jwk(KeyType::ec_p256)));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->type(), KeyType::ec_p256);
}

TEST(Jwk, KeepsItsLabels) {
  json::object jwk = public_jwk(KeyType::rsa);
  jwk["kid"] = "2026-01";
  jwk["alg"] = "PS256";
  const auto key = parse_jwk(jwk);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key_id(), "2026-01");
  EXPECT_EQ(key->algorithm(), Algorithm::ps256);
}

// RFC 7517 section 4. The certificates of x5c decide nothing, not even whether they are any.
TEST(Jwk, IgnoresMembersThatItDoesNotKnow) {
  json::object jwk = public_jwk(KeyType::ec_p256);
  jwk["x5c"] = json::array{"no certificate"};
  jwk["x5t#S256"] = "no digest";
  jwk["owner"] = 1;
  EXPECT_EQ(fault_of_jwk(jwk), "");
}

TEST(Jwk, RefusesPrivateKeysAndSaysThatTheyLeaked) {
  for (const KeyType type : kAllKeyTypes) {
    const std::string fault = fault_of_jwk(private_jwk(type));
    EXPECT_TRUE(fault.starts_with("this is a private or a secret key (it has the member d)"));
    EXPECT_TRUE(fault.ends_with("treat this one as leaked"));
  }
}

TEST(Jwk, RefusesEachMemberOfAPrivateKey) {
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
    EXPECT_NE(fault_of_jwk(with(public_jwk(KeyType::rsa), member, nullptr)), "") << member;
}

TEST(Jwk, RefusesSymmetricKeys) {
  EXPECT_TRUE(fault_of_jwk({{"kty", "oct"}, {"k", "c2VjcmV0"}})
                  .starts_with("this is a private or a secret key (it has the member k)"));
}

TEST(Jwk, RefusesAKeyForAnotherPurpose) {
  const json::object jwk = public_jwk(KeyType::rsa);
  EXPECT_EQ(fault_of_jwk(with(jwk, "use", "enc")),
            "the member use must be sig: the key is for signatures");
  EXPECT_EQ(fault_of_jwk(with(jwk, "key_ops", json::array{"encrypt"})),
            "the member key_ops must be a list with verify in it");
}

TEST(Jwk, RefusesAnAlgorithmOfAnotherType) {
  EXPECT_EQ(fault_of_jwk(with(public_jwk(KeyType::rsa), "alg", "ES256")),
            "ES256 does not fit a RSA key");
  EXPECT_EQ(fault_of_jwk(with(public_jwk(KeyType::rsa), "alg", "HS256")),
            "the member alg names no algorithm that is accepted here");
}

TEST(Jwk, RefusesAKeyIdWithControlCharacters) {
  EXPECT_NE(fault_of_jwk(with(public_jwk(KeyType::rsa), "kid", "a\x1B[2J")), "");
}

TEST(Jwk, RefusesMembersThatOccurTwice) {
  EXPECT_EQ(fault_of(parse_jwk(R"({"kty":"EC","kty":"RSA"})")),
            "not JSON: a member name occurs twice at byte 22");
}

// Faults end up in logs and on screens.
TEST(Jwk, NeverQuotesKeyMaterialInAFault) {
  const json::object jwk = private_jwk(KeyType::rsa);
  for (const auto& member : jwk) {
    const std::string value(member.value().as_string());
    if (value.size() < 8) continue;
    EXPECT_FALSE(fault_of_jwk(jwk).contains(value));
    const json::object broken =
        with(public_jwk(KeyType::rsa), member.key(), json::value(value + "!"));
    EXPECT_FALSE(fault_of_jwk(broken).contains(value.substr(0, 8)));
  }
}

} // namespace
} // namespace assay::jose
