#include "registry/registered_key.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

RegisteredKey key_with_text(std::string text) {
  RegisteredKey key;
  key.text = std::move(text);
  return key;
}

TEST(RegisteredKey, BecomesTheItemItCameFrom) {
  const json::object jwk = public_jwk(testing::ed25519_key());
  RegisteredKey key = key_with_text(json::serialize(jwk));
  key.key_id = "ed25519-1";
  const json::object expected{{"kid", "ed25519-1"}, {"jwk", jwk}, {"enabled", true}};
  EXPECT_EQ(to_record(key), expected);
}

TEST(RegisteredKey, KeepsPemAsText) {
  const std::string pem = testing::rsa_key().public_key().to_pem();
  const json::object expected{{"pem", pem}, {"enabled", true}};
  EXPECT_EQ(to_record(key_with_text(pem)), expected);
}

TEST(RegisteredKey, HasNoParsedFormIfItsTextIsNoKey) {
  EXPECT_FALSE(parse(key_with_text("{}")));
  EXPECT_FALSE(parse(key_with_text("hello")));
}

} // namespace
} // namespace assay::registry
