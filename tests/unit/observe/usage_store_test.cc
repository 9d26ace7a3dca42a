#include "observe/usage_store.h"

#include <gtest/gtest.h>

namespace assay::observe {
namespace {

using namespace std::chrono_literals;

TEST(UsageCounts, AddsUpAndKeepsTheLongestTime) {
  UsageCounts counts{1, 2, 3, 100us, 60us};
  counts += {10, 20, 30, 50us, 50us};
  EXPECT_EQ(counts.successes, 11U);
  EXPECT_EQ(counts.failures, 22U);
  EXPECT_EQ(counts.exceptions, 33U);
  EXPECT_EQ(counts.messages(), 66U);
  EXPECT_EQ(counts.total_time, 150us);
  EXPECT_EQ(counts.longest_time, 60us);
}

TEST(UsageKey, OrdersByMinuteThenServiceThenClientThenGrant) {
  const UsageKey key{std::chrono::sys_time<std::chrono::minutes>(5min), "b", "b", "b"};
  UsageKey later = key;
  later.minute += 1min;
  later.service = "a";
  EXPECT_LT(key, later);
  EXPECT_LT(key, (UsageKey{key.minute, "c", "a", "a"}));
  EXPECT_LT(key, (UsageKey{key.minute, "b", "c", "a"}));
  EXPECT_LT(key, (UsageKey{key.minute, "b", "b", "c"}));
}

} // namespace
} // namespace assay::observe
