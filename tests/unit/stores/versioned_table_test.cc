#include "stores/memory/versioned_table.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

using registry::PropertyChange;
using registry::PropertyWrite;

VersionedTable table_of(const VersionedTable::Texts& texts) {
  VersionedTable table;
  table.become(texts);
  return table;
}

TEST(VersionedTable, BecomesWhatItIsTold) {
  const VersionedTable::Texts texts{{"red", "1"}, {"blue", "2"}};
  EXPECT_EQ(table_of(texts).texts(), texts);
}

TEST(VersionedTable, KeepsTheVersionOfRowsThatStayTheSame) {
  VersionedTable table = table_of({{"red", "1"}, {"blue", "2"}});
  const auto before = table.find("red")->version;
  table.become({{"red", "1"}, {"blue", "3"}});
  EXPECT_EQ(table.find("red")->version, before);
  EXPECT_GT(table.find("blue")->version, before);
}

TEST(VersionedTable, RemembersRowsThatAreNotThereAnyMore) {
  VersionedTable table = table_of({{"red", "1"}, {"blue", "2"}});
  const auto before = table.changes_since(0).back().version;
  table.become({{"red", "1"}});
  const auto changes = table.changes_since(before);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].key, "blue");
  EXPECT_FALSE(changes[0].value);
}

TEST(VersionedTable, DoesNotEraseWhatIsErasedAlready) {
  VersionedTable table = table_of({{"red", "1"}});
  table.become({});
  const auto before = table.changes_since(1).back().version;
  table.become({});
  EXPECT_TRUE(table.changes_since(before).empty());
}

TEST(VersionedTable, FitsWritesAgainstTheRowsAsTheyAre) {
  const VersionedTable table = table_of({{"red", "1"}});
  const auto fits = [&](const std::string& key, registry::Version expected) {
    const PropertyWrite write{key, "2", expected};
    return table.fits({&write, 1});
  };
  EXPECT_TRUE(fits("red", table.find("red")->version));
  EXPECT_FALSE(fits("red", 0));
  EXPECT_TRUE(fits("blue", 0));
  EXPECT_FALSE(fits("blue", 1));
}

} // namespace
} // namespace assay::stores
