#include "registry/application_registry.h"

#include <map>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/memory/memory_property_store.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

// A store that can fail, and that shows what the registry asks of it.
class WatchedStore final : public PropertyStore {
public:
  std::optional<Property> find(std::string_view table, std::string_view key) override {
    return store_.find(table, key);
  }
  std::vector<PropertyChange> changes_since(std::string_view table, Version version) override {
    if (broken) throw Unavailable("the store is broken");
    auto changes = store_.changes_since(table, version);
    rows_read += changes.size();
    return changes;
  }
  std::vector<std::string> tables() override { return store_.tables(); }
  bool apply(std::string_view table, std::span<const PropertyWrite> writes) override {
    return store_.apply(table, writes);
  }

  void put(std::string key, std::optional<std::string> value) {
    const PropertyWrite write{std::move(key), std::move(value), std::nullopt};
    apply(kDefaultApplicationTable, {&write, 1});
  }

  void put_source(std::string key, std::string uri) {
    const KeySource source{.origin = {.uri = std::move(uri), .ca_digest = ""},
                           .keys = {testing::rsa_key().public_key().to_jwk()}};
    const PropertyWrite write{std::move(key), json::serialize(to_record(source)), std::nullopt};
    apply(key_source_table(kDefaultApplicationTable), {&write, 1});
  }

  bool broken = false;
  std::size_t rows_read = 0;

private:
  stores::MemoryPropertyStore store_;
};

std::string with_uri(std::string_view uri) {
  return json::serialize(record_with("jwks_uri", json::value(uri)));
}

class ApplicationRegistryTest : public ::testing::Test {
protected:
  ApplicationRegistry registry() {
    return ApplicationRegistry(
        store_, std::string(kDefaultApplicationTable),
        [this](std::string_view key, std::string_view why) { reports_[std::string(key)] = why; });
  }

  WatchedStore store_;
  std::map<std::string, std::string> reports_;
};

TEST_F(ApplicationRegistryTest, LoadsTheWholeTable) {
  for (int number = 0; number < 200; ++number)
    store_.put("app" + std::to_string(number), "{}");
  const ApplicationRegistry applications = registry();
  EXPECT_EQ(applications.size(), 200U);
  ASSERT_TRUE(applications.find("app7"));
  EXPECT_EQ(applications.find("app7")->id, "app7");
  EXPECT_EQ(applications.find("app200"), nullptr);
  EXPECT_EQ(applications.find(""), nullptr);
}

TEST_F(ApplicationRegistryTest, FindsDisabledApplicationsToo) {
  store_.put("billing", R"({"enabled": false})");
  EXPECT_FALSE(registry().find("billing")->enabled);
}

TEST_F(ApplicationRegistryTest, IsAsItWasUntilItIsRefreshed) {
  ApplicationRegistry applications = registry();
  store_.put("billing", "{}");
  EXPECT_EQ(applications.find("billing"), nullptr);
  EXPECT_TRUE(applications.refresh());
  EXPECT_TRUE(applications.find("billing"));
}

TEST_F(ApplicationRegistryTest, TakesOverChangesAndErasures) {
  store_.put("billing", R"({"name": "old"})");
  store_.put("shipping", "{}");
  ApplicationRegistry applications = registry();
  store_.put("billing", R"({"name": "new"})");
  store_.put("shipping", std::nullopt);
  EXPECT_TRUE(applications.refresh());
  EXPECT_EQ(applications.find("billing")->name, "new");
  EXPECT_EQ(applications.find("shipping"), nullptr);
  EXPECT_EQ(applications.size(), 1U);
}

TEST_F(ApplicationRegistryTest, ReadsOnlyTheRowsThatChanged) {
  for (int number = 0; number < 100; ++number)
    store_.put("app" + std::to_string(number), "{}");
  ApplicationRegistry applications = registry();
  store_.rows_read = 0;
  EXPECT_FALSE(applications.refresh());
  EXPECT_EQ(store_.rows_read, 0U);
  store_.put("app7", R"({"name": "new"})");
  EXPECT_TRUE(applications.refresh());
  EXPECT_EQ(store_.rows_read, 1U);
}

TEST_F(ApplicationRegistryTest, DoesNotCountAnApplicationThatCameAndWentAsAChange) {
  store_.put("billing", "{}");
  ApplicationRegistry applications = registry();
  store_.put("guest", "{}");
  store_.put("guest", std::nullopt);
  EXPECT_FALSE(applications.refresh());
}

TEST_F(ApplicationRegistryTest, KeepsAValueThatSomebodyHolds) {
  store_.put("billing", R"({"name": "old"})");
  ApplicationRegistry applications = registry();
  const auto held = applications.find("billing");
  store_.put("billing", std::nullopt);
  applications.refresh();
  EXPECT_EQ(held->name, "old");
}

TEST_F(ApplicationRegistryTest, ReportsABadRecordAndTakesItAsAbsent) {
  store_.put("good", "{}");
  store_.put("bad", R"({"enbled": false})");
  ApplicationRegistry applications = registry();
  EXPECT_EQ(applications.find("bad"), nullptr);
  EXPECT_TRUE(applications.find("good"));
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_TRUE(reports_["bad"].contains("enbled"));
}

// The old record may be just what the operator meant to take away.
TEST_F(ApplicationRegistryTest, DropsAnApplicationWhoseRecordBecameBad) {
  store_.put("billing", "{}");
  ApplicationRegistry applications = registry();
  store_.put("billing", "[]");
  EXPECT_TRUE(applications.refresh());
  EXPECT_EQ(applications.find("billing"), nullptr);
  EXPECT_TRUE(reports_.contains("billing"));
}

TEST_F(ApplicationRegistryTest, StaysAsItWasWhileTheStoreDoesNotAnswer) {
  store_.put("billing", "{}");
  ApplicationRegistry applications = registry();
  store_.put("shipping", "{}");
  store_.broken = true;
  EXPECT_THROW(applications.refresh(), Unavailable);
  EXPECT_TRUE(applications.find("billing"));
  EXPECT_EQ(applications.find("shipping"), nullptr);
  store_.broken = false;
  EXPECT_TRUE(applications.refresh());
  EXPECT_TRUE(applications.find("shipping"));
}

TEST_F(ApplicationRegistryTest, HasTheFetchedKeysOfAnApplicationBehindItsOwn) {
  store_.put("billing", with_uri("https://billing.example/keys"));
  store_.put_source("billing", "https://billing.example/keys");
  ApplicationRegistry applications = registry();
  EXPECT_EQ(applications.find("billing")->keys.size(), 2U);
  EXPECT_EQ(applications.sourced().find("billing").record->keys.size(), 1U);
}

TEST_F(ApplicationRegistryTest, FollowsTheFetchedKeysToo) {
  store_.put("billing", with_uri("https://billing.example/keys"));
  ApplicationRegistry applications = registry();
  EXPECT_EQ(applications.find("billing")->keys.size(), 1U);
  store_.put_source("billing", "https://billing.example/keys");
  EXPECT_TRUE(applications.refresh());
  EXPECT_EQ(applications.find("billing")->keys.size(), 2U);
  EXPECT_FALSE(applications.refresh());
}

TEST_F(ApplicationRegistryTest, LosesTheFetchedKeysWithTheirUri) {
  store_.put("billing", with_uri("https://billing.example/keys"));
  store_.put_source("billing", "https://billing.example/keys");
  ApplicationRegistry applications = registry();
  store_.put("billing", with_uri("https://elsewhere.example/keys"));
  applications.refresh();
  EXPECT_EQ(applications.find("billing")->keys.size(), 1U);
  store_.put("billing", with_uri(""));
  applications.refresh();
  EXPECT_EQ(applications.find("billing")->keys.size(), 1U);
  EXPECT_EQ(applications.sourced().find("billing").record, nullptr);
}

TEST_F(ApplicationRegistryTest, TakesNoApplicationFromASourceAlone) {
  store_.put_source("billing", "https://billing.example/keys");
  EXPECT_EQ(registry().find("billing"), nullptr);
}

TEST_F(ApplicationRegistryTest, CannotBeMadeWithoutItsStore) {
  store_.broken = true;
  EXPECT_THROW(registry(), Unavailable);
}

} // namespace
} // namespace assay::registry
