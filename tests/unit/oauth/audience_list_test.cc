#include "oauth/audience_list.h"

#include <gtest/gtest.h>

namespace assay::oauth {
namespace {

using Uris = std::vector<std::string_view>;

TEST(AudienceList, IsJoinedWithSpaces) {
  EXPECT_EQ(join_audience({}), "");
  EXPECT_EQ(join_audience({"urn:a"}), "urn:a");
  EXPECT_EQ(join_audience({"urn:a", "urn:b"}), "urn:a urn:b");
}

TEST(AudienceList, IsSplitAtItsSpaces) {
  EXPECT_EQ(split_audience(""), Uris());
  EXPECT_EQ(split_audience("urn:a"), Uris{"urn:a"});
  EXPECT_EQ(split_audience("urn:a urn:b"), (Uris{"urn:a", "urn:b"}));
}

TEST(AudienceList, NamesWholeUrisOnly) {
  EXPECT_TRUE(names_audience("urn:a urn:b", "urn:b"));
  EXPECT_FALSE(names_audience("urn:a urn:bc", "urn:b"));
  EXPECT_FALSE(names_audience("urn:a", "urn:A"));
  EXPECT_FALSE(names_audience("", "urn:a"));
  EXPECT_FALSE(names_audience("", ""));
  EXPECT_FALSE(names_audience("urn:a urn:b", "urn:a urn:b"));
}

} // namespace
} // namespace assay::oauth
