#include "oauth/token_copy.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;

// In memory, a page for each token or claim. What happens at its first reading, or its second, is
// the test's.
class ToyTransfer final : public TokenTransfer {
public:
  std::unique_ptr<TransferReader> read() override {
    if (auto other = std::exchange(before_reading, std::move(before_next_reading))) other();
    return std::make_unique<Reader>(*this);
  }
  std::uint64_t size() override { return tokens.size() + claims.size(); }
  void put(const TransferPage& page, TimePoint) override {
    for (const TransferredToken& token : page.tokens)
      if (!loses) tokens[token.record.key.digest] = token.record;
    for (const ReplayClaim& claim : page.claims)
      claims[claim.digest] = std::max(claims[claim.digest], claim.acceptable_until);
  }
  void remove(std::span<const TransferredToken> gone) override {
    for (const TransferredToken& token : gone)
      tokens.erase(token.record.key.digest);
  }
  std::optional<std::string> mark() override { return {}; }
  void set_mark(const std::optional<std::string>&) override {}

  void add(const TokenRecord& record) { tokens[record.key.digest] = record; }
  bool has(const TokenRecord& record) const { return tokens.contains(record.key.digest); }

  std::map<crypto::Digest, TokenRecord> tokens;
  std::map<crypto::Digest, TimePoint> claims;
  std::function<void()> before_reading;
  std::function<void()> before_next_reading;
  bool loses = false;

private:
  class Reader final : public TransferReader {
  public:
    explicit Reader(const ToyTransfer& store) {
      for (const auto& [digest, record] : store.tokens)
        pages_.push_back({.tokens = {{.record = record, .answer = {}, .place = {}}}, .claims = {}});
      for (const auto& [digest, until] : store.claims)
        pages_.push_back({.tokens = {}, .claims = {{digest, until}}});
    }
    std::optional<TransferPage> next(std::size_t, TimePoint) override {
      if (pages_.empty()) return std::nullopt;
      TransferPage page = std::move(pages_.back());
      pages_.pop_back();
      return page;
    }

  private:
    std::vector<TransferPage> pages_;
  };
};

class TokenCopyTest : public ::testing::Test {
protected:
  TokenCopyTest() {
    for (const char* name : {"one", "two", "three"})
      from_.add(hour_token(name));
    const ReplayClaim claim = claim_of("used");
    from_.claims[claim.digest] = claim.acceptable_until;
  }

  CopyTally pass(int pages_max = 1000) {
    return TokenCopy({.from = from_,
                      .to = to_,
                      .clock = [] { return kTokenTime + 10s; },
                      .progress = [&](std::string_view, std::uint64_t,
                                      std::uint64_t) { return pages_max-- > 0; },
                      .note = [&](TimePoint now) { noted_ = now; },
                      .copied_until = noted_})
        .pass();
  }

  ToyTransfer from_;
  ToyTransfer to_;
  TimePoint noted_ = kTokenTime;
};

TEST_F(TokenCopyTest, CopiesTokensAndClaims) {
  const CopyTally tally = pass();
  EXPECT_EQ(tally.copied, 4U);
  EXPECT_EQ(tally.verified, 4U);
  EXPECT_TRUE(tally.is_good());
  EXPECT_EQ(to_.tokens.size(), 3U);
  EXPECT_EQ(to_.claims, from_.claims);
}

TEST_F(TokenCopyTest, WritesNothingAgainThatIsTheSame) {
  pass();
  const CopyTally tally = pass();
  EXPECT_EQ(tally.copied, 0U);
  EXPECT_EQ(tally.verified, 4U);
}

TEST_F(TokenCopyTest, GoesOnAfterItWasStopped) {
  EXPECT_TRUE(pass(3).stopped);
  EXPECT_LT(to_.tokens.size(), 3U);
  const CopyTally tally = pass();
  EXPECT_TRUE(tally.is_good());
  EXPECT_LT(tally.copied, 4U);
  EXPECT_EQ(tally.verified, 4U);
}

TEST_F(TokenCopyTest, TakesAwayWhatWasRevokedSince) {
  pass();
  from_.tokens.erase(hour_token("two").key.digest);
  const CopyTally tally = pass();
  EXPECT_EQ(tally.removed, 1U);
  EXPECT_FALSE(to_.has(hour_token("two")));
  EXPECT_TRUE(tally.is_good());
}

TEST_F(TokenCopyTest, TakesNoClaimAway) {
  pass();
  const auto claims = std::exchange(from_.claims, {});
  pass();
  EXPECT_EQ(to_.claims, claims);
}

TEST_F(TokenCopyTest, LeavesAloneWhatTheOtherStoreIssuedItself) {
  pass();
  TokenRecord foreign = hour_token("foreign");
  foreign.issued_at = noted_ + 2min;
  to_.add(foreign);
  const CopyTally tally = pass();
  EXPECT_EQ(tally.foreign, 1U);
  EXPECT_FALSE(tally.is_good());
  EXPECT_TRUE(to_.has(foreign));
}

TEST_F(TokenCopyTest, CountsWhatChangedMeanwhileApart) {
  from_.before_next_reading = [&] {
    from_.add(hour_token("four"));
    TokenRecord rotated = hour_token("one");
    rotated.is_rotated = true;
    from_.add(rotated);
    from_.tokens.erase(hour_token("two").key.digest);
  };
  CopyTally tally = pass();
  EXPECT_EQ(tally.newer, 2U);
  EXPECT_EQ(tally.verified, 2U);
  EXPECT_TRUE(tally.is_good());
  tally = pass();
  EXPECT_EQ(tally.newer, 0U);
  EXPECT_EQ(tally.verified, 4U);
  EXPECT_TRUE(to_.tokens[hour_token("one").key.digest].is_rotated);
}

TEST_F(TokenCopyTest, FindsWhatGotLost) {
  to_.loses = true;
  const CopyTally tally = pass();
  EXPECT_EQ(tally.different, 3U);
  EXPECT_FALSE(tally.is_good());
}

} // namespace
} // namespace assay::oauth
