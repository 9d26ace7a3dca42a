#include "registry/rfc3339.h"

#include <gtest/gtest.h>

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNoon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h;

TEST(Rfc3339, ReadsATimeInUtc) {
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00Z"), kNoon);
  EXPECT_EQ(parse_rfc3339("2026-01-31t12:00:00z"), kNoon);
}

TEST(Rfc3339, ReadsAnOffset) {
  EXPECT_EQ(parse_rfc3339("2026-01-31T14:00:00+02:00"), kNoon);
  EXPECT_EQ(parse_rfc3339("2026-01-31T06:30:00-05:30"), kNoon);
}

TEST(Rfc3339, CutsFractionsToMilliseconds) {
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.25Z"), kNoon + 250ms);
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.123999999Z"), kNoon + 123ms);
}

TEST(Rfc3339, ReadsWhatTheClockWrites) {
  EXPECT_EQ(parse_rfc3339(rfc3339(kNoon + 7ms)), kNoon + 7ms);
}

TEST(Rfc3339, KnowsLeapYears) {
  EXPECT_TRUE(parse_rfc3339("2028-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2026-02-29T00:00:00Z"));
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2026-01-31",
                           "2026-01-31T12:00Z",
                           "2026-01-31T12:00:00",
                           "2026-01-31 12:00:00Z",
                           "2026-01-31T12:00:00.Z",
                           "2026-01-31T24:00:00Z",
                           "2026-01-31T12:60:00Z",
                           "2026-01-31T12:00:60Z",
                           "2026-13-01T12:00:00Z",
                           "2026-00-01T12:00:00Z",
                           "2026-01-32T12:00:00Z",
                           "26-01-31T12:00:00Z",
                           "2026-01-31T12:00:00Z ",
                           " 2026-01-31T12:00:00Z",
                           "2026-01-31T12:00:00+2:00",
                           "2026-01-31T12:00:00+24:00",
                           "2026-01-31T12:00:00+00:60",
                           "2026-01-31T12:00:00 02:00",
                           "+026-01-31T12:00:00Z",
                           "2026/01/31T12:00:00Z",
                           "1769860800"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Rfc3339, RefusesAnOffsetThatLeavesTheYearsThatCanBeWritten) {
  EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:59Z"));
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-01:00"));
  EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+01:00"));
}

} // namespace
} // namespace assay::registry
