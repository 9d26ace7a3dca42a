#include "registry/registry_copy.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

bool goes_on(std::string_view, std::uint64_t, std::uint64_t) { return true; }

void put(PropertyStore& store, std::string_view table, std::string key,
         std::optional<std::string> value) {
  const PropertyWrite write{std::move(key), std::move(value), std::nullopt};
  store.apply(table, {&write, 1});
}

std::string value_of(PropertyStore& store, std::string_view table, std::string_view key) {
  const auto row = store.find(table, key);
  return row ? row->value : "none";
}

class RegistryCopyTest : public ::testing::Test {
protected:
  RegistryCopyTest() {
    put(from_, "Colours", "red", "1");
    put(from_, "Colours", "blue", "2");
    put(from_, "Shapes", "round", "3");
  }

  CopyTally copy() { return copy_registry(from_, to_, goes_on); }

  stores::MemoryPropertyStore from_;
  stores::MemoryPropertyStore to_;
};

TEST_F(RegistryCopyTest, CopiesAllTables) {
  const CopyTally tally = copy();
  EXPECT_EQ(tally.copied, 3U);
  EXPECT_EQ(tally.verified, 3U);
  EXPECT_TRUE(tally.is_good());
  EXPECT_EQ(value_of(to_, "Colours", "blue"), "2");
  EXPECT_EQ(value_of(to_, "Shapes", "round"), "3");
}

TEST_F(RegistryCopyTest, MakesTheSameWhatChangedSinceTheLastPass) {
  copy();
  put(from_, "Colours", "red", "10");
  put(from_, "Shapes", "round", std::nullopt);
  put(from_, "Sizes", "big", "4");
  const CopyTally tally = copy();
  EXPECT_EQ(tally.copied, 2U);
  EXPECT_EQ(tally.removed, 1U);
  EXPECT_EQ(tally.verified, 3U);
  EXPECT_EQ(value_of(to_, "Colours", "red"), "10");
  EXPECT_EQ(value_of(to_, "Shapes", "round"), "none");
}

TEST_F(RegistryCopyTest, LeavesTheMarkAlone) {
  put(to_, kCopyTable, "registry", "{}");
  EXPECT_TRUE(is_empty(to_));
  copy();
  EXPECT_FALSE(is_empty(to_));
  EXPECT_EQ(value_of(to_, kCopyTable, "registry"), "{}");
}

TEST_F(RegistryCopyTest, StopsBetweenTwoTables) {
  const auto once = [](std::string_view, std::uint64_t done, std::uint64_t) { return done == 0; };
  EXPECT_TRUE(copy_registry(from_, to_, once).stopped);
  EXPECT_EQ(value_of(to_, "Colours", "red"), "1");
  EXPECT_EQ(value_of(to_, "Shapes", "round"), "none");
}

// A store that forgets writes, or whose source is written to at that moment.
class Careless final : public PropertyStore {
public:
  std::optional<Property> find(std::string_view table, std::string_view key) override {
    return store.find(table, key);
  }
  std::vector<PropertyChange> changes_since(std::string_view table, Version version) override {
    return store.changes_since(table, version);
  }
  std::vector<std::string> tables() override { return store.tables(); }
  bool apply(std::string_view table, std::span<const PropertyWrite> writes) override {
    if (before_write) before_write();
    return loses || store.apply(table, writes);
  }

  stores::MemoryPropertyStore store;
  std::function<void()> before_write;
  bool loses = false;
};

TEST_F(RegistryCopyTest, TellsADifferenceFromWhatIsNewer) {
  Careless to;
  to.before_write = [&] { put(from_, "Colours", "red", "11"); };
  CopyTally tally = copy_registry(from_, to, goes_on);
  EXPECT_EQ(tally.newer, 1U);
  EXPECT_TRUE(tally.is_good());
  to.before_write = {};
  to.loses = true;
  tally = copy_registry(from_, to, goes_on);
  EXPECT_EQ(tally.different, 1U);
  EXPECT_FALSE(tally.is_good());
}

} // namespace
} // namespace assay::registry
