#include "registry/key_reader.h"

#include <gtest/gtest.h>

#include "registry/record_limits.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

std::string faults_of_keys(const json::array& keys) { return faults_of(record_with("keys", keys)); }

RegisteredKey only_key(const json::object& key) {
  const auto application = parse_application(record_with("keys", json::array{key}));
  EXPECT_TRUE(application) << to_text(application.error());
  return application ? application->keys.at(0) : RegisteredKey{};
}

json::object jwk_item() { return {{"jwk", public_jwk(testing::ec_key())}}; }

json::object pem_item() { return {{"pem", testing::rsa_key().public_key().to_pem()}}; }

TEST(KeyReader, ReadsAJwk) {
  const RegisteredKey key = only_key(jwk_item());
  EXPECT_EQ(key.key_id, "ec-1");
  EXPECT_TRUE(key.enabled);
  EXPECT_FALSE(key.not_after);
  EXPECT_EQ(key.digest, crypto::sha256(key.text));
  ASSERT_TRUE(parse(key));
  EXPECT_EQ(parse(key)->type(), jose::KeyType::ec_p256);
}

TEST(KeyReader, ReadsAJwkThatIsAStringOfJson) {
  const std::string text = json::serialize(public_jwk(testing::ec_key()));
  EXPECT_EQ(only_key({{"jwk", text}}).text, only_key(jwk_item()).text);
}

TEST(KeyReader, ReadsAPem) {
  const RegisteredKey key = only_key(pem_item());
  EXPECT_FALSE(key.key_id);
  ASSERT_TRUE(parse(key));
  EXPECT_EQ(parse(key)->type(), jose::KeyType::rsa);
}

TEST(KeyReader, PrefersTheKidOfTheRecordToThatOfTheJwk) {
  json::object item = jwk_item();
  item["kid"] = "mine";
  EXPECT_EQ(only_key(item).key_id, "mine");
}

TEST(KeyReader, ReadsWhatTheOperatorLimits) {
  json::object item = pem_item();
  item["kid"] = "old";
  item["enabled"] = false;
  item["not_after"] = "2026-01-31T00:00:00Z";
  const RegisteredKey key = only_key(item);
  EXPECT_EQ(key.key_id, "old");
  EXPECT_FALSE(key.enabled);
  EXPECT_TRUE(key.not_after);
}

TEST(KeyReader, WantsOneOfJwkAndPem) {
  json::object both = jwk_item();
  both["pem"] = pem_item()["pem"];
  EXPECT_EQ(faults_of_keys({both}), "keys[0]: needs one of jwk and pem, and not both");
  EXPECT_EQ(faults_of_keys({json::object{{"kid", "a"}}}),
            "keys[0]: needs one of jwk and pem, and not both");
}

TEST(KeyReader, RefusesAPrivateJwkAndSaysSo) {
  const json::value jwk = parsed(testing::ec_key().to_jwk().reveal());
  const std::string faults = faults_of_keys({json::object{{"jwk", jwk}}});
  EXPECT_TRUE(faults.starts_with("keys[0].jwk: ")) << faults;
  EXPECT_TRUE(faults.contains("private")) << faults;
}

TEST(KeyReader, RefusesAPrivatePem) {
  const json::string pem(testing::ec_key().to_pem().reveal());
  EXPECT_TRUE(faults_of_keys({json::object{{"pem", pem}}}).starts_with("keys[0].pem: "));
}

TEST(KeyReader, RefusesWhatIsNoKey) {
  EXPECT_TRUE(faults_of_keys({json::object{{"jwk", json::object{{"kty", "RSA"}}}}})
                  .starts_with("keys[0].jwk: "));
  EXPECT_TRUE(faults_of_keys({json::object{{"jwk", "[]"}}}).starts_with("keys[0].jwk: must be"));
  EXPECT_TRUE(faults_of_keys({json::object{{"jwk", 5}}}).starts_with("keys[0].jwk: must be"));
  EXPECT_TRUE(faults_of_keys({json::object{{"pem", "hello"}}}).starts_with("keys[0].pem: "));
  EXPECT_EQ(faults_of_keys({json::object{{"pem", "{}"}}}),
            "keys[0].pem: must be PEM; a JWK belongs into jwk");
}

TEST(KeyReader, RefusesAKeyThatIsTooLong) {
  EXPECT_TRUE(faults_of_keys({json::object{{"pem", std::string(kKeyBytesMax + 1, 'x')}}})
                  .starts_with("keys[0].pem: may have at most"));
  json::object jwk = public_jwk(testing::ec_key());
  jwk["x-note"] = std::string(kKeyBytesMax, 'x');
  EXPECT_TRUE(faults_of_keys({json::object{{"jwk", jwk}}}).starts_with("keys[0].jwk: may have"));
}

TEST(KeyReader, RefusesABadKid) {
  json::object item = pem_item();
  item["kid"] = "";
  EXPECT_TRUE(faults_of_keys({item}).starts_with("keys[0].kid: must not be empty"));
  item["kid"] = std::string(257, 'x');
  EXPECT_TRUE(faults_of_keys({item}).starts_with("keys[0].kid: may have at most"));
}

TEST(KeyReader, RefusesAKidTwiceEvenIfOneKeyIsDisabled) {
  json::object first = jwk_item();
  json::object second = pem_item();
  second["kid"] = "ec-1";
  second["enabled"] = false;
  EXPECT_EQ(faults_of_keys({first, second}), "keys[1].kid: is that of keys[0] already");
}

TEST(KeyReader, RefusesAKeyWithoutKidTwice) {
  EXPECT_EQ(faults_of_keys({pem_item(), pem_item()}), "keys[1]: is the same key as keys[0]");
}

TEST(KeyReader, TakesSeveralKeysWithoutKid) {
  json::object other{{"pem", testing::other_rsa_key().public_key().to_pem()}};
  EXPECT_EQ(faults_of_keys({pem_item(), other}), "");
}

TEST(KeyReader, RefusesMoreKeysThanTheLimit) {
  EXPECT_EQ(faults_of_keys(json::array(kKeysMax + 1, json::object{})),
            "keys: may have at most 100 items, this has 101");
}

} // namespace
} // namespace assay::registry
