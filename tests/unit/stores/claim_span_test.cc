#include "stores/claim_span.h"

#include <set>

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::claim_of;
using testing::kTokenTime;

ClaimSpan span_of(std::chrono::seconds life, TimePoint now = kTokenTime) {
  return ClaimSpan::of({.digest = {}, .acceptable_until = now + life}, now);
}

TEST(ClaimSpan, IsAsWideAsTheLivesThatItTakes) {
  EXPECT_EQ(span_of(1s).lifetime_class, 9U);
  EXPECT_EQ(span_of(512s).lifetime_class, 9U);
  EXPECT_EQ(span_of(513s).lifetime_class, 12U);
  EXPECT_EQ(span_of(4096s).lifetime_class, 12U);
  EXPECT_EQ(span_of(4097s).lifetime_class, 15U);
}

TEST(ClaimSpan, TakesAClaimThatEndedAlready) { EXPECT_EQ(span_of(-30s).lifetime_class, 9U); }

TEST(ClaimSpan, IsOverWhenTheLastOfItsClaimsHasEnded) {
  for (const auto life : {1s, 330s, 512s, 100'000s}) {
    const ClaimSpan span = span_of(life);
    EXPECT_GT(span.over_at(), kTokenTime + life);
    EXPECT_LE(span.over_at(), kTokenTime + life + std::chrono::seconds(1 << span.lifetime_class));
  }
}

// A look-up goes through all of them.
TEST(ClaimSpan, IsOneOfTwoOfItsClassAtMostThatAreLiveAtATime) {
  constexpr auto kLife = 512s;
  std::set<ClaimSpan> live;
  for (auto age = 0s; age <= kLife; ++age)
    for (auto life = age; life <= kLife; ++life)
      if (const auto span = span_of(life, kTokenTime - age); span.over_at() > kTokenTime)
        live.insert(span);
  EXPECT_LE(live.size(), 2U);
}

} // namespace
} // namespace assay::stores
