#include "jose/jwk_set.h"

#include <gtest/gtest.h>

#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

std::string set_of(const json::array& keys) {
  return json::serialize(json::object{{"keys", keys}});
}

std::string fault_of_set(const json::array& keys) { return fault_of(parse_jwk_set(set_of(keys))); }

TEST(JwkSet, GivesItsKeysInTheirOrder) {
  json::array all;
  for (const KeyType type : kAllKeyTypes)
    all.push_back(public_jwk(type));
  const auto keys = parse_jwk_set(set_of(all));
  ASSERT_TRUE(keys) << keys.error().what;
  ASSERT_EQ(keys->size(), kAllKeyTypes.size());
  for (std::size_t at = 0; at < keys->size(); ++at)
    EXPECT_EQ((*keys)[at].type(), kAllKeyTypes[at]);
}

// RFC 7517 section 5.
TEST(JwkSet, SkipsKeysThatAreForOthers) {
  const json::object ours = public_jwk(KeyType::rsa);
  const json::array keys{
      json::object{{"kty", "AKP"}, {"alg", "ML-DSA-44"}, {"pub", "AA"}},
      json::object{{"kty", "EC"}, {"crv", "secp256k1"}, {"x", "AA"}, {"y", "AA"}},
      json::object{{"kty", "OKP"}, {"crv", "X25519"}, {"x", "AA"}},
      with(ours, "use", "enc"),
      with(ours, "key_ops", json::array{"wrapKey"}),
      with(ours, "alg", "RSA-OAEP-256"),
      ours,
  };
  const auto parsed = parse_jwk_set(set_of(keys));
  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(parsed->size(), 1U);
}

TEST(JwkSet, IsRefusedIfNoKeyIsForUs) {
  const std::string fault = "the JWK Set has no key that can verify a signature here";
  EXPECT_EQ(fault_of_set({}), fault);
  EXPECT_EQ(fault_of_set({with(public_jwk(KeyType::rsa), "use", "enc")}), fault);
}

TEST(JwkSet, IsRefusedWithABadKeyAndSaysWhichItIs) {
  const json::object good = public_jwk(KeyType::ec_p256);
  EXPECT_EQ(fault_of_set({good, without(good, "x")}), "keys[1]: the member x is missing");
  EXPECT_EQ(fault_of_set({good, without(good, "kty")}), "keys[1]: the member kty is missing");
  EXPECT_EQ(fault_of_set({good, with(good, "alg", "ES384")}),
            "keys[1]: ES384 does not fit a P-256 key");
  EXPECT_EQ(fault_of_set({good, with(good, "use", 1)}), "keys[1]: the member use must be a string");
  EXPECT_EQ(fault_of_set({good, 1}), "keys[1] is no JSON object");
}

TEST(JwkSet, IsRefusedWithAPrivateKey) {
  EXPECT_TRUE(fault_of_set({private_jwk(KeyType::ec_p256)})
                  .starts_with("keys[0]: this is a private or a secret key"));
}

TEST(JwkSet, MayHaveKeysOfOneKid) {
  const json::array keys{with(public_jwk(KeyType::rsa), "kid", "a"),
                         with(public_jwk(KeyType::ec_p256), "kid", "a")};
  EXPECT_EQ(parse_jwk_set(set_of(keys))->size(), 2U);
}

TEST(JwkSet, HasALimitedNumberOfKeys) {
  json::array keys(kKeysInSetMax, public_jwk(KeyType::ed25519));
  EXPECT_EQ(fault_of_set(keys), "");
  keys.push_back(json::object{{"kty", "of somebody else"}});
  EXPECT_EQ(fault_of_set(keys), "a JWK Set may have at most 100 keys");
}

TEST(JwkSet, IsAnObjectWithAListOfKeys) {
  const std::string fault = "a JWK Set has a member keys, which is a list";
  EXPECT_EQ(fault_of(parse_jwk_set("{}")), fault);
  EXPECT_EQ(fault_of(parse_jwk_set(R"({"keys":{}})")), fault);
  EXPECT_EQ(fault_of(parse_jwk_set(json::serialize(public_jwk(KeyType::rsa)))), fault);
  EXPECT_EQ(fault_of(parse_jwk_set("[]")), "expected a JSON object");
  EXPECT_EQ(fault_of(parse_jwk_set("")).substr(0, 8), "not JSON");
}

} // namespace
} // namespace assay::jose
