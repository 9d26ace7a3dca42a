#include "fetch/freshness.h"

#include <gtest/gtest.h>

namespace assay::fetch {
namespace {

using namespace std::chrono_literals;

// Sun, 06 Nov 1994 08:49:37 GMT
constexpr TimePoint kNow =
    std::chrono::sys_days{std::chrono::November / 6 / 1994} + 8h + 49min + 37s;

using Fields = std::vector<std::pair<std::string, std::string>>;

std::optional<std::chrono::seconds> life(Fields fields) {
  return freshness({.status = 200, .fields = std::move(fields), .body = {}}, kNow);
}

TEST(Freshness, IsNotKnownWithoutCacheHeaders) {
  EXPECT_EQ(life({{"content-type", "application/json"}}), std::nullopt);
  EXPECT_EQ(life({{"cache-control", "public, must-revalidate"}}), std::nullopt);
}

TEST(Freshness, ComesFromMaxAge) {
  EXPECT_EQ(life({{"cache-control", "max-age=300"}}), 300s);
  EXPECT_EQ(life({{"cache-control", "public,Max-Age = \"60\" , immutable"}}), 60s);
  EXPECT_EQ(life({{"cache-control", "max-age=99999999999999999999"}}),
            std::chrono::seconds(std::int64_t{1} << 31));
}

TEST(Freshness, IsTheShortestThatIsAskedFor) {
  EXPECT_EQ(life({{"cache-control", "max-age=300"}, {"cache-control", "max-age=60"}}), 60s);
}

TEST(Freshness, EndsAtOnceForWhatIsNotToBeKept) {
  EXPECT_EQ(life({{"cache-control", "no-store, max-age=300"}}), 0s);
  EXPECT_EQ(life({{"cache-control", "max-age=300, No-Cache"}}), 0s);
  EXPECT_EQ(life({{"cache-control", "max-age=soon"}}), 0s);
  EXPECT_EQ(life({{"cache-control", "max-age=-1"}}), 0s);
  EXPECT_EQ(life({{"cache-control", "max-age"}}), 0s);
}

TEST(Freshness, PrefersCacheControlToExpires) {
  EXPECT_EQ(life({{"expires", "Sun, 06 Nov 1994 09:49:37 GMT"}, {"cache-control", "max-age=60"}}),
            60s);
}

TEST(Freshness, ComesFromExpiresByTheServersOwnClock) {
  EXPECT_EQ(life({{"expires", "Sun, 06 Nov 1994 09:49:37 GMT"}}), 3600s);
  EXPECT_EQ(life({{"expires", "Sun, 06 Nov 1994 09:49:37 GMT"},
                  {"date", "Sun, 06 Nov 1994 09:48:37 GMT"}}),
            60s);
}

TEST(Freshness, IsOverIfExpiresIsPastOrNoDate) {
  EXPECT_EQ(life({{"expires", "Sun, 06 Nov 1994 08:00:00 GMT"}}), 0s);
  EXPECT_EQ(life({{"expires", "0"}}), 0s);
}

TEST(Freshness, IsLessTheAgeThatTheAnswerHas) {
  EXPECT_EQ(life({{"cache-control", "max-age=300"}, {"age", "100"}}), 200s);
  EXPECT_EQ(life({{"cache-control", "max-age=300"}, {"age", "301"}}), 0s);
}

} // namespace
} // namespace assay::fetch
