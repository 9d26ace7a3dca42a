#include "http/http_date.h"

#include <gtest/gtest.h>

namespace assay::http {
namespace {

using std::chrono::seconds;

TEST(HttpDate, IsTheOneOfRfc9110) {
  EXPECT_EQ(http_date(TimePoint(seconds(784111777))), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(TimePoint(seconds(0))), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(TimePoint(seconds(1709251199))), "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST(DateField, FollowsTheSeconds) {
  DateField date;
  EXPECT_EQ(date.at(TimePoint(seconds(0))), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(TimePoint(std::chrono::microseconds(999'999))),
            "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(TimePoint(seconds(1))), "Thu, 01 Jan 1970 00:00:01 GMT");
}

} // namespace
} // namespace assay::http
