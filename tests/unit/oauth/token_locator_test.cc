#include "oauth/token_locator.h"

#include <set>

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::seconds;

std::string token_with(const TokenLocator& locator) {
  return locator.text() + std::string(TokenLocator::kRandomCharactersMin, 'x');
}

TEST(TokenLocator, IsFoundInTheTokenThatCarriesIt) {
  for (const seconds lifetime : {1s, 2s, 60s, 3600s, 43'200s, 86'400s * 3660})
    for (const seconds later : {0s, 1s, 12'345'678s}) {
      const auto locator = TokenLocator::of(kNow + later, kNow + later + lifetime);
      EXPECT_EQ(locator.text().size(), TokenLocator::kCharacters);
      EXPECT_EQ(TokenLocator::in(token_with(locator)), locator);
    }
}

TEST(TokenLocator, IsNotLookedForInATokenWithTooLittleChanceBesides) {
  const std::string text = token_with(TokenLocator::of(kNow, kNow + 1h));
  EXPECT_TRUE(TokenLocator::in(text));
  EXPECT_FALSE(TokenLocator::in(std::string_view(text).substr(0, text.size() - 1)));
}

TEST(TokenLocator, IsNotFoundInWhatNobodyMade) {
  const std::string rest(TokenLocator::kRandomCharactersMin, 'x');
  EXPECT_FALSE(TokenLocator::in("AAA-AAA" + rest));
  EXPECT_FALSE(TokenLocator::in("AAAAAA-" + rest));
  EXPECT_FALSE(TokenLocator::in("9999AAA" + rest)) << "beyond the last class";
  EXPECT_TRUE(TokenLocator::in("AAAA999" + rest));
}

TEST(TokenLocator, RoundsLifetimesUpToAPowerOfTwo) {
  const auto class_of = [](microseconds lifetime) {
    return TokenLocator::of(kNow, kNow + lifetime).lifetime_class();
  };
  EXPECT_EQ(class_of(1s), 0U);
  EXPECT_EQ(class_of(1s + 1us), 1U);
  EXPECT_EQ(class_of(2s), 1U);
  EXPECT_EQ(class_of(3600s), 12U);
  EXPECT_EQ(class_of(4096s), 12U);
  EXPECT_EQ(class_of(4097s), 13U);
  EXPECT_EQ(class_of(std::chrono::years(200)), 31U);
}

TEST(TokenLocator, HasAtMost34LiveBucketsAClass) {
  for (const seconds lifetime : {30s, 3600s, 4096s, 43'200s}) {
    std::set<std::uint32_t> live;
    for (seconds issued = -lifetime; issued <= 0s; issued += 1s)
      live.insert(TokenLocator::of(kNow + issued, kNow + issued + lifetime).bucket());
    EXPECT_LE(live.size(), 34U) << lifetime.count();
  }
}

TEST(TokenLocator, IsOverOnceEverythingInTheBucketIs) {
  for (const seconds lifetime : {1s, 60s, 3600s}) {
    const TimePoint expires_at = kNow + lifetime + 7us;
    const auto locator = TokenLocator::of(kNow, expires_at);
    const TimePoint over_at = locator.over_at(kNow);
    EXPECT_GE(over_at, expires_at);
    EXPECT_EQ(TokenLocator::of(over_at - 1us - lifetime, over_at - 1us).bucket(), locator.bucket());
    EXPECT_NE(TokenLocator::of(over_at - lifetime, over_at).bucket(), locator.bucket());
  }
}

TEST(TokenLocator, IsOverAtTheSameTimeWhoeverAsksAndWhen) {
  const auto locator = TokenLocator::of(kNow, kNow + 1h);
  const TimePoint over_at = locator.over_at(kNow);
  for (const auto later : {-24h, 1h, 24h})
    EXPECT_EQ(locator.over_at(kNow + later), over_at);
}

TEST(TokenLocator, OrdersTheTokensOfABucketByTheirExpiry) {
  std::uint32_t last = 0;
  const auto first = TokenLocator::of(kNow, kNow + 1h);
  for (seconds later = 0s;; later += 1s) {
    const auto locator = TokenLocator::of(kNow + later, kNow + later + 1h);
    if (locator.number() != first.number()) break;
    EXPECT_GE(locator.moment(), last);
    EXPECT_LT(locator.moment(), TokenLocator::kMoments);
    last = locator.moment();
  }
  EXPECT_GT(last, 0U);
}

TEST(TokenLocator, WorksBefore1970) {
  const TimePoint early{-1'000'000us - 1us};
  const auto locator = TokenLocator::of(early, early + 60s);
  EXPECT_EQ(TokenLocator::in(token_with(locator)), locator);
  EXPECT_GE(locator.over_at(early), early + 60s);
}

TEST(TokenLocator, IsMadeOfWhatStoresKeepOfIt) {
  const TimePoint issued_at(std::chrono::seconds(1'800'000'000));
  for (const auto life :
       {std::chrono::seconds(7), std::chrono::seconds(3600), std::chrono::seconds(86'400 * 90)}) {
    const TokenLocator locator = TokenLocator::of(issued_at, issued_at + life);
    EXPECT_EQ(TokenLocator::at(locator.lifetime_class(), locator.bucket(), locator.moment()),
              locator);
    EXPECT_EQ(TokenLocator::ending_at(locator.lifetime_class(), locator.over_at(issued_at),
                                      locator.moment()),
              locator);
  }
  EXPECT_FALSE(TokenLocator::at(32, 0, 0));
  EXPECT_FALSE(TokenLocator::at(0, TokenLocator::kBuckets, 0));
  EXPECT_FALSE(TokenLocator::at(0, 0, -1));
  EXPECT_FALSE(TokenLocator::ending_at(32, issued_at, 0));
}

} // namespace
} // namespace assay::oauth
