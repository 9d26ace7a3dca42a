// What every back end of oauth::TokenTransfer promises.
#include <algorithm>

#include "contract/token_store_contract.h"
#include "oauth/token_copy.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using oauth::Redeemed;
using oauth::TokenRecord;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::record_of;
using testing::token_text;

namespace {

struct Route {
  std::string from;
  std::string to;
};

void PrintTo(const Route& route, std::ostream* out) { *out << route.from << " " << route.to; }

// From each and to each; not all of their pairs, which would take minutes.
std::vector<Route> routes() {
  return {{"sqlite", "sqlite"},      {"sqlite", "postgres"},      {"sqlite", "pgbouncer"},
          {"sqlite", "redis"},       {"sqlite", "redis_cluster"}, {"postgres", "sqlite"},
          {"postgres", "postgres"},  {"postgres", "redis"},       {"pgbouncer", "sqlite"},
          {"redis", "sqlite"},       {"redis", "postgres"},       {"redis", "redis_cluster"},
          {"redis_cluster", "redis"}};
}

std::string url_of(const std::string& name) {
  const auto back_ends = durable_token_store_back_ends();
  return std::ranges::find(back_ends, name, &TokenStoreBackEnd::name)->url;
}

// A store of the test's own, for requests and for copying.
class Place {
public:
  explicit Place(const std::string& name)
      : url_(testing::redis_url_in(folder_, testing::url_in(folder_, url_of(name)))),
        store_(stores::open_token_store(url_, folder_.path())),
        transfer_(stores::open_token_transfer(url_, folder_.path())) {}

  oauth::TokenTransfer& transfer() { return *transfer_; }

  IssueOutcome issue(oauth::Issue issue, TimePoint now = kTokenTime) {
    return testing::result_of(store_.store().issue(std::move(issue), now));
  }
  std::optional<TokenRecord> find(const oauth::TokenKey& key, TimePoint now = kTokenTime) {
    return testing::result_of(store_.store().find(key, now));
  }
  bool revoke(const oauth::TokenKey& key) {
    return testing::result_of(store_.store().revoke(key, kTokenTime));
  }
  Redeemed redeem(oauth::Redemption redemption, TimePoint now = kTokenTime) {
    return testing::result_of(store_.store().redeem(std::move(redemption), now));
  }
  oauth::TokenCount count() { return store_.catalogue().count({}, kTokenTime); }

private:
  testing::ScratchFolder folder_;
  std::string url_;
  stores::OpenTokenStore store_;
  std::unique_ptr<oauth::TokenTransfer> transfer_;
};

// Also of the parts of a key that no store tells.
bool same(const std::optional<TokenRecord>& found, const TokenRecord& record) {
  return found &&
         oauth::TransferInventory::entry_of(*found) == oauth::TransferInventory::entry_of(record);
}

oauth::Issue pair_of(const std::string& name, const std::string& family) {
  const TimePoint refresh_end = kTokenTime + 12h;
  oauth::Issue pair{hour_token("access " + name),
                    record_of(token_text("refresh " + name, refresh_end), refresh_end),
                    {}};
  pair.refresh->kind = oauth::TokenKind::refresh;
  pair.access.family = pair.refresh->family = family;
  return pair;
}

oauth::Redemption rotation_of(const TokenRecord& refresh, const std::string& name) {
  oauth::Issue next = pair_of(name, refresh.family);
  return {.refresh = refresh.key,
          .access = std::move(next.access),
          .change = oauth::Rotation{.successor = *std::move(next.refresh),
                                    .sealed_answer = "sealed " + name,
                                    .repeatable_until = kTokenTime + 10s},
          .claim = {}};
}

class TokenTransferContract : public ::testing::TestWithParam<Route> {
protected:
  CopyTally pass(const CopyProgress& progress = goes_on) {
    return oauth::TokenCopy({.from = from_.transfer(),
                             .to = to_.transfer(),
                             .clock = [] { return kTokenTime; },
                             .progress = progress,
                             .note = [](TimePoint) {},
                             .copied_until = kTokenTime})
        .pass();
  }

  static bool goes_on(std::string_view, std::uint64_t, std::uint64_t) { return true; }

  void expect_good(const CopyTally& tally) {
    EXPECT_TRUE(tally.is_good());
    EXPECT_EQ(tally.newer, 0U);
    EXPECT_EQ(tally.different, 0U);
  }

  Place from_{GetParam().from};
  Place to_{GetParam().to};
};

TEST_P(TokenTransferContract, CopiesTokensOfAllKinds) {
  std::vector<TokenRecord> records{hour_token("plain")};
  TokenRecord rich = hour_token("rich");
  rich.parameters = {{"department", "4"}};
  rich.confirmation.key = crypto::sha256("its key");
  rich.subject = "alice \xC3\xA9";
  records.push_back(rich);
  records.push_back(record_of("short", kTokenTime + 1h)); // has no locator
  for (const auto life : {10s, 300s, 700s, 86'400s * 30, 86'400s * 400})
    records.push_back(
        record_of(token_text(std::to_string(life.count()), kTokenTime + life), kTokenTime + life));
  for (const TokenRecord& record : records)
    from_.issue({record, {}, {}});
  const oauth::Issue pair = pair_of("one", "red");
  from_.issue(pair);
  records.push_back(pair.access);
  records.push_back(*pair.refresh);

  const CopyTally tally = pass();
  expect_good(tally);
  EXPECT_EQ(tally.copied, records.size());
  EXPECT_EQ(tally.verified, records.size());
  for (const TokenRecord& record : records)
    EXPECT_TRUE(same(to_.find(record.key), record)) << record.expires_at.time_since_epoch().count();
  EXPECT_EQ(to_.count().access, from_.count().access);
  EXPECT_EQ(to_.count().refresh, from_.count().refresh);
}

TEST_P(TokenTransferContract, CopiesUsedAssertions) {
  from_.issue({hour_token("one"), {}, claim_of("used")});
  expect_good(pass());
  EXPECT_EQ(to_.issue({hour_token("two"), {}, claim_of("used")}), IssueOutcome::used_before);
  EXPECT_EQ(to_.issue({hour_token("three"), {}, claim_of("fresh")}), IssueOutcome::stored);
}

TEST_P(TokenTransferContract, LeavesOutWhatHasEnded) {
  const TimePoint early = kTokenTime - 30min;
  const TokenRecord over = record_of(token_text("over", kTokenTime, early), kTokenTime, early);
  from_.issue({over, {}, claim_of("over", 0s)}, early);
  EXPECT_EQ(pass().copied, 0U);
}

TEST_P(TokenTransferContract, WhatIsRevokedStaysRevoked) {
  const oauth::Issue red = pair_of("one", "red");
  const oauth::Issue blue = pair_of("two", "blue");
  const TokenRecord alone = hour_token("alone");
  const TokenRecord early = hour_token("early");
  for (const oauth::Issue& each : {red, blue, oauth::Issue{alone, {}, {}}, {early, {}, {}}})
    from_.issue(each);
  from_.revoke(early.key);
  EXPECT_EQ(pass().copied, 5U);
  EXPECT_FALSE(to_.find(early.key));

  from_.revoke(alone.key);
  from_.revoke(red.refresh->key);
  const CopyTally tally = pass();
  expect_good(tally);
  EXPECT_EQ(tally.removed, 3U);
  for (const auto& key : {alone.key, red.access.key, red.refresh->key})
    EXPECT_FALSE(to_.find(key));
  EXPECT_EQ(to_.redeem(rotation_of(*red.refresh, "three")).outcome, Redeemed::Outcome::unknown);
  EXPECT_TRUE(to_.find(blue.access.key));
}

TEST_P(TokenTransferContract, ARefreshTokenIsExchangedAfterwards) {
  const oauth::Issue pair = pair_of("one", "red");
  from_.issue(pair);
  expect_good(pass());
  const auto next = rotation_of(*pair.refresh, "two");
  EXPECT_EQ(to_.redeem(next).outcome, Redeemed::Outcome::stored);
  EXPECT_TRUE(to_.find(next.access.key));
  EXPECT_TRUE(to_.find(pair.refresh->key)->is_rotated);
  const auto again = to_.redeem(rotation_of(*pair.refresh, "three"));
  EXPECT_EQ(again.outcome, Redeemed::Outcome::repeated);
  EXPECT_EQ(again.sealed_answer, "sealed two");
  EXPECT_TRUE(to_.revoke(pair.refresh->key));
  EXPECT_FALSE(to_.find(pair.access.key));
}

TEST_P(TokenTransferContract, TheAnswerToARotatedTokenIsRepeatedAfterwards) {
  const oauth::Issue pair = pair_of("one", "red");
  from_.issue(pair);
  expect_good(pass());
  from_.redeem(rotation_of(*pair.refresh, "two"));
  expect_good(pass());
  EXPECT_TRUE(to_.find(pair.refresh->key)->is_rotated);
  const auto again = to_.redeem(rotation_of(*pair.refresh, "three"));
  EXPECT_EQ(again.outcome, Redeemed::Outcome::repeated);
  EXPECT_EQ(again.sealed_answer, "sealed two");
}

TEST_P(TokenTransferContract, ARotatedTokenThatIsUsedAgainIsNoticedAfterwards) {
  const oauth::Issue pair = pair_of("one", "red");
  from_.issue(pair);
  from_.redeem(rotation_of(*pair.refresh, "two"));
  expect_good(pass());
  EXPECT_EQ(to_.redeem(rotation_of(*pair.refresh, "three"), kTokenTime + 11s).outcome,
            Redeemed::Outcome::reused);
  EXPECT_FALSE(to_.find(pair.access.key));
}

TEST_P(TokenTransferContract, WhatWasExtendedLivesAsLong) {
  const oauth::Issue pair = pair_of("one", "red");
  from_.issue(pair);
  expect_good(pass());
  const auto extend = [&](Place& place, const std::string& name, TimePoint end) {
    oauth::Issue next = pair_of(name, "red");
    return place.redeem({.refresh = pair.refresh->key,
                         .access = next.access,
                         .change = oauth::Extension{end},
                         .claim = {}});
  };
  EXPECT_EQ(extend(from_, "two", kTokenTime + 48h).outcome, Redeemed::Outcome::stored);
  expect_good(pass());
  expect_good(pass());
  const TimePoint later = kTokenTime + 40h;
  ASSERT_TRUE(to_.find(pair.refresh->key, later));
  EXPECT_EQ(to_.find(pair.refresh->key, later)->expires_at, kTokenTime + 48h);
  EXPECT_EQ(to_.count().refresh, 1U);
  EXPECT_EQ(extend(to_, "three", kTokenTime + 96h).outcome, Redeemed::Outcome::stored);
  EXPECT_TRUE(to_.find(pair.refresh->key, kTokenTime + 90h));
}

TEST_P(TokenTransferContract, CopiesManyInSeveralGoes) {
  constexpr int kMany = 2500;
  oauth::TransferPage all;
  for (int number = 0; number < kMany; ++number) {
    all.tokens.push_back({.record = hour_token(std::to_string(number)), .answer = {}, .place = {}});
    all.claims.push_back(claim_of(std::to_string(number)));
  }
  from_.transfer().put(all, kTokenTime);

  const auto stops = [](std::string_view phase, std::uint64_t done, std::uint64_t) {
    return phase != "copying" || done == 0;
  };
  const CopyTally first = pass(stops);
  EXPECT_GT(from_.transfer().size(), std::uint64_t{kMany});
  EXPECT_TRUE(first.stopped);
  EXPECT_GT(first.copied, 0U);
  const CopyTally second = pass();
  expect_good(second);
  EXPECT_EQ(second.verified, 2U * kMany);
  EXPECT_EQ(first.copied + second.copied, 2U * kMany);
  EXPECT_EQ(to_.count().access, std::uint64_t{kMany});
  EXPECT_EQ(pass().copied, 0U);
}

TEST_P(TokenTransferContract, LeavesAloneWhatWasIssuedThere) {
  TokenRecord foreign = hour_token("foreign");
  foreign.issued_at = kTokenTime + 2min;
  to_.issue({foreign, {}, {}}, kTokenTime);
  EXPECT_EQ(pass().foreign, 1U);
  EXPECT_TRUE(to_.find(foreign.key));
}

TEST_P(TokenTransferContract, KeepsAMark) {
  EXPECT_FALSE(to_.transfer().mark());
  for (const char* text : {"one", "two"}) {
    to_.transfer().set_mark(text);
    EXPECT_EQ(to_.transfer().mark(), text);
  }
  EXPECT_EQ(pass().copied, 0U);
  to_.transfer().set_mark(std::nullopt);
  EXPECT_FALSE(to_.transfer().mark());
}

INSTANTIATE_TEST_SUITE_P(All, TokenTransferContract, ::testing::ValuesIn(routes()),
                         [](const ::testing::TestParamInfo<Route>& info) {
                           return info.param.from + "_to_" + info.param.to;
                         });

} // namespace
} // namespace assay::contract
