#include "registry/replaced_keys.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

json::array items_of(std::initializer_list<jose::PrivateKey> keys) {
  json::array items;
  for (const jose::PrivateKey& key : keys)
    items.push_back(json::object{{"jwk", public_jwk(key)}});
  return items;
}

std::vector<RegisteredKey> registered(const json::array& items) {
  return parse_application(record_with("keys", items))->keys;
}

TEST(ReplacedKeys, AreThoseThatWereBrought) {
  const auto keys =
      replaced_keys(items_of({testing::rsa_key()}), registered(items_of({testing::ec_key()})));
  ASSERT_TRUE(keys);
  EXPECT_EQ(*keys, items_of({testing::rsa_key()}));
}

TEST(ReplacedKeys, KeepTheEndThatAnOperatorGaveThem) {
  json::array items = items_of({testing::ec_key()});
  items[0].as_object()["not_after"] = "2027-01-31T00:00:00.000Z";
  const auto current = registered(items);
  // Another spelling of the same key is the same key.
  json::array brought = items_of({testing::ec_key()});
  brought[0].at("jwk").as_object()["kid"] = "renamed";
  const auto keys = replaced_keys(brought, current);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->at(0).at("not_after"), "2027-01-31T00:00:00.000Z");
}

// A client that publishes all its keys again would undo what an operator did to a stolen one.
TEST(ReplacedKeys, RefuseOneThatAnOperatorDisabled) {
  json::array items = items_of({testing::ec_key()});
  items[0].as_object()["enabled"] = false;
  const auto keys =
      replaced_keys(items_of({testing::rsa_key(), testing::ec_key()}), registered(items));
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().front().field, "keys[1]");
}

TEST(ReplacedKeys, LeaveTheDisabledOnesWhereTheyAre) {
  json::array items = items_of({testing::ec_key()});
  items[0].as_object()["enabled"] = false;
  const auto keys = replaced_keys(items_of({testing::rsa_key()}), registered(items));
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ(keys->at(1).at("enabled"), false);
  EXPECT_FALSE(replaced_keys(items_of({testing::ec_key()}), registered(*keys)));
}

} // namespace
} // namespace assay::registry
