#include "registry/key_cache.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

RegisteredKey registered(std::string text) {
  RegisteredKey key;
  key.digest = crypto::sha256(text);
  key.text = std::move(text);
  return key;
}

// The same key under another digest: a JWK may have members that nobody knows.
RegisteredKey numbered(int number) {
  json::object jwk = public_jwk(testing::ec_key());
  jwk["x-number"] = number;
  return registered(json::serialize(jwk));
}

TEST(KeyCache, ParsesAKey) {
  KeyCache cache(10);
  const auto key = cache.parsed(numbered(1));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->type(), jose::KeyType::ec_p256);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(KeyCache, FindsAParsedKeyByItsDigestAlone) {
  KeyCache cache(10);
  RegisteredKey key = numbered(1);
  ASSERT_TRUE(cache.parsed(key));
  key.text = "no key at all";
  EXPECT_TRUE(cache.parsed(key));
  EXPECT_EQ(cache.size(), 1U);
}

TEST(KeyCache, DoesNotKeepAFault) {
  KeyCache cache(10);
  EXPECT_FALSE(cache.parsed(registered("{}")));
  EXPECT_EQ(cache.size(), 0U);
}

TEST(KeyCache, HoldsNoMoreThanItsRoom) {
  KeyCache cache(32);
  for (int number = 0; number < 100; ++number)
    ASSERT_TRUE(cache.parsed(numbered(number)));
  EXPECT_LE(cache.size(), 32U);
  EXPECT_GE(cache.size(), 16U);
}

TEST(KeyCache, HasRoomForOneKeyAtLeast) {
  for (const std::size_t keys_max : {0U, 1U}) {
    KeyCache cache(keys_max);
    ASSERT_TRUE(cache.parsed(numbered(1)));
    ASSERT_TRUE(cache.parsed(numbered(2)));
    EXPECT_EQ(cache.size(), 1U);
  }
}

} // namespace
} // namespace assay::registry
