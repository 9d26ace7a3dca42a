#include "registry/recent_map.h"

#include <string>

#include <gtest/gtest.h>

namespace assay::registry {
namespace {

using Map = RecentMap<std::string, int, std::hash<std::string>>;

TEST(RecentMap, FindsWhatWasPut) {
  Map map(2);
  map.put("one", 1);
  ASSERT_TRUE(map.find("one"));
  EXPECT_EQ(*map.find("one"), 1);
  EXPECT_FALSE(map.find("two"));
}

TEST(RecentMap, ReplacesAnEntry) {
  Map map(2);
  map.put("one", 1);
  map.put("one", 11);
  EXPECT_EQ(*map.find("one"), 11);
  EXPECT_EQ(map.size(), 1U);
}

TEST(RecentMap, MakesRoomByTheEntryThatWasUsedLongestAgo) {
  Map map(2);
  map.put("one", 1);
  map.put("two", 2);
  map.find("one");
  map.put("three", 3);
  EXPECT_TRUE(map.find("one"));
  EXPECT_FALSE(map.find("two"));
  EXPECT_TRUE(map.find("three"));
  EXPECT_EQ(map.size(), 2U);
}

TEST(RecentMap, CountsAReplacementAsAUse) {
  Map map(2);
  map.put("one", 1);
  map.put("two", 2);
  map.put("one", 11);
  map.put("three", 3);
  EXPECT_TRUE(map.find("one"));
  EXPECT_FALSE(map.find("two"));
}

} // namespace
} // namespace assay::registry
