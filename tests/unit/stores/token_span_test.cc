#include "stores/postgres/token_span.h"

#include <set>

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::kTokenTime;
using testing::record_of;
using testing::token_text;

oauth::TokenRecord token(std::chrono::seconds lifetime, TimePoint issued_at = kTokenTime) {
  const TimePoint end = issued_at + lifetime;
  return record_of(token_text("one", end, issued_at), end, issued_at);
}

TEST(TokenSpan, OfATokenIsFoundByItsKeyAtAnyTimeOfItsLife) {
  for (const auto lifetime : {1s, 300s, 3600s, 86'400s, 31'536'000s}) {
    const auto record = token(lifetime);
    for (const auto now : {kTokenTime, kTokenTime + lifetime / 2, record.expires_at - 1us})
      EXPECT_EQ(position_of(record.key, now), position_of(record));
  }
}

TEST(TokenSpan, IsOverWhenAllThatIsInItHasExpired) {
  for (auto lifetime = 1s; lifetime < 400'000s; lifetime = lifetime * 3 / 2 + 1s) {
    const auto record = token(lifetime);
    const TokenSpan span = TokenSpan::of(position_of(record));
    EXPECT_LE(span.low, position_of(record));
    EXPECT_GT(span.high, position_of(record));
    EXPECT_GE(span.over_at, record.expires_at);
    EXPECT_EQ(span.next().low, span.high);
  }
}

TEST(TokenSpan, TellsTheLocatorOfAPlaceWhereOneClassLies) {
  for (const auto lifetime : {600s, 3600s, 86'400s, 31'536'000s}) {
    const auto record = token(lifetime);
    EXPECT_EQ(locator_at(position_of(record)), record.key.locator);
  }
  EXPECT_FALSE(locator_at(position_of(token(300s))));
  EXPECT_FALSE(locator_at(kAnywhere));
}

// Or tokens of minutes would stay as long as those of months.
TEST(TokenSpan, IsNotMuchLongerThanTheLivesInIt) {
  for (const auto lifetime : {600s, 3600s, 86'400s, 31'536'000s}) {
    const auto record = token(lifetime);
    EXPECT_LE(TokenSpan::of(position_of(record)).over_at - record.expires_at, 2 * lifetime);
  }
}

TEST(TokenSpan, AreFew) {
  std::set<TokenSpan> spans;
  for (auto later = 0s; later < 3600s; later += 10s)
    spans.insert(TokenSpan::of(position_of(token(3600s, kTokenTime + later))));
  EXPECT_LE(spans.size(), 3U);
}

TEST(TokenSpan, AheadHoldsWhatIsIssuedUntilTheNextOneIsMade) {
  const TokenSpan span = TokenSpan::of(position_of(token(3600s)));
  const TokenSpan ahead = span.last_needed(kTokenTime);
  EXPECT_GE(ahead.low, TokenSpan::of(position_of(token(3600s, kTokenTime + 600s))).low);
  EXPECT_GE(ahead.low, TokenSpan::of(position_of(token(4096s, kTokenTime + 600s))).low);
}

TEST(TokenSpan, DoesNotHoldATokenThatIsTooShortToSayWhereItLies) {
  const auto record = record_of("only22characters-long_", kTokenTime + 1h);
  EXPECT_EQ(position_of(record), kAnywhere);
  EXPECT_EQ(position_of(record.key, kTokenTime), kAnywhere);
}

// It would go with others before its time.
TEST(TokenSpan, DoesNotHoldATokenThatOutlivesIt) {
  auto record = token(3600s);
  record.expires_at += 1h;
  EXPECT_EQ(position_of(record), kAnywhere);
}

} // namespace
} // namespace assay::stores
