#include "base/clock.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

constexpr TimePoint kMorning = sys_days(year{2026} / 1 / 31) + 9h + 30min + 250ms;

TEST(Clock, WritesRfc3339WithMilliseconds) {
  EXPECT_EQ(rfc3339(kMorning), "2026-01-31T09:30:00.250Z");
  EXPECT_EQ(rfc3339(TimePoint{}), "1970-01-01T00:00:00.000Z");
}

TEST(Clock, CutsWhatIsBelowAMillisecond) {
  EXPECT_EQ(rfc3339(kMorning + 999us), "2026-01-31T09:30:00.250Z");
  EXPECT_EQ(rfc3339(TimePoint{} - 1us), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, KnowsLeapDays) {
  EXPECT_EQ(rfc3339(sys_days(year{2028} / 2 / 29)), "2028-02-29T00:00:00.000Z");
}

TEST(Clock, KeepsToTheYearsThatTheFormatHas) {
  EXPECT_EQ(rfc3339(TimePoint::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(TimePoint::min()), "0000-01-01T00:00:00.000Z");
}

TEST(Clock, RoundsUnixSecondsDown) {
  EXPECT_EQ(unix_seconds(TimePoint(1999ms)), 1);
  EXPECT_EQ(unix_seconds(TimePoint(-1us)), -1);
}

TEST(Clock, OfTheSystemGoesOn) {
  const TimePoint before = system_now();
  EXPECT_GE(before, sys_days(year{2024} / 1 / 1));
  EXPECT_GE(system_now(), before);
}

} // namespace
} // namespace assay
