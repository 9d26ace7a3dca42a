// What holds beyond that where the store is durable: restarts, and the command line beside a
// running server. Another store object on the same file is as another process.
#include "contract/token_store_contract.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using oauth::Redeemed;
using oauth::TokenRecord;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::record_of;
using testing::result_of;
using testing::token_text;

namespace {

class SharedTokenStoreContract : public TokenStoreContract {};

TEST_P(SharedTokenStoreContract, KeepsAllAcrossRestarts) {
  const TokenRecord record = hour_token("one");
  const TokenRecord revoked = hour_token("two");
  const oauth::Issue pair = pair_of("three", "red");
  issue(record, claim_of("jti"));
  issue(revoked);
  revoke(revoked.key);
  issue(pair);
  store_ = {};
  store_ = open();
  EXPECT_TRUE(find(record.key));
  EXPECT_FALSE(find(revoked.key));
  EXPECT_TRUE(seen(claim_of("jti")));
  EXPECT_EQ(issue(hour_token("four"), claim_of("jti", 5000s)), IssueOutcome::used_before);
  EXPECT_TRUE(revoke(pair.refresh->key));
  EXPECT_FALSE(find(pair.access.key));
}

TEST_P(SharedTokenStoreContract, SeesWhatAnotherIssues) {
  const auto other = open();
  const TokenRecord record = hour_token("one");
  ASSERT_EQ(result_of(other.store().issue({record, {}, claim_of("jti")}, kTokenTime)),
            IssueOutcome::stored);
  EXPECT_TRUE(find(record.key));
  EXPECT_TRUE(seen(claim_of("jti")));
  EXPECT_EQ(count().access, 1U);
  EXPECT_EQ(issue(hour_token("two"), claim_of("jti")), IssueOutcome::used_before);
}

TEST_P(SharedTokenStoreContract, RevokesWhatAnotherIssued) {
  const auto other = open();
  const oauth::Issue pair = pair_of("one", "red");
  result_of(other.store().issue(pair, kTokenTime));
  EXPECT_TRUE(revoke(pair.refresh->key));
  EXPECT_FALSE(result_of(other.store().find(pair.access.key, kTokenTime)));
  EXPECT_FALSE(result_of(other.store().revoke(pair.access.key, kTokenTime)));
}

TEST_P(SharedTokenStoreContract, KnowsAcrossRestartsWhatWasRotated) {
  const oauth::Issue pair = pair_of("one", "red");
  issue(pair);
  redeem(rotation_of(*pair.refresh, "two"));
  store_ = {};
  store_ = open();
  const auto repeated = redeem(rotation_of(*pair.refresh, "late"), kTokenTime + 9s);
  EXPECT_EQ(repeated.outcome, Redeemed::Outcome::repeated);
  EXPECT_EQ(repeated.sealed_answer, "sealed two");
  EXPECT_EQ(redeem(rotation_of(*pair.refresh, "late"), kTokenTime + kGrace).outcome,
            Redeemed::Outcome::reused);
}

// Nothing of the schema changes when a refresh token is extended.
TEST_P(SharedTokenStoreContract, LosesNothingThatAnotherExtended) {
  const auto other = open();
  const oauth::Issue pair = pair_of("one", "red");
  issue(pair);
  const TimePoint late = pair.refresh->expires_at + 1h;
  result_of(other.store().redeem(
      {pair.refresh->key, pair_of("two", "red").access, oauth::Extension{late + 1us}, {}},
      kTokenTime));
  EXPECT_EQ(count({}, late).refresh, 1U);
  store_.catalogue().purge(late);
  EXPECT_TRUE(find(pair.refresh->key, late));
}

TEST_P(SharedTokenStoreContract, GoesOnWhenAnotherPurged) {
  const auto other = open();
  const TokenRecord record = hour_token("one");
  issue(record, claim_of("jti"));
  find(record.key);

  const TimePoint later = kTokenTime + 2h;
  EXPECT_EQ(other.catalogue().purge(later).tokens,
            GetParam().forgetting == Forgetting::by_purge ? 1U : 0U);
  EXPECT_FALSE(find(record.key, later));
  EXPECT_EQ(store_.catalogue().purge(later).tokens, 0U);

  const TokenRecord late = record_of(token_text("late", later + 1h, later), later + 1h, later);
  EXPECT_EQ(issue(late, claim_of("late", 7500s), later), IssueOutcome::stored);
  EXPECT_TRUE(result_of(other.store().find(late.key, later)));
}

TEST_P(SharedTokenStoreContract, PurgesNothingThatAnotherIssuedIntoAnOldBucket) {
  const auto other = open();
  const TimePoint later = kTokenTime + oauth::TokenLocator::kBuckets * 1s;
  const TokenRecord old = record_of(token_text("old", kTokenTime + 10s), kTokenTime + 10s);
  const TokenRecord live = record_of(token_text("live", later + 10s, later), later + 10s, later);
  issue(old);
  result_of(other.store().issue({live, {}, {}}, later));
  store_.catalogue().purge(later);
  EXPECT_TRUE(find(live.key, later));
}

INSTANTIATE_TEST_SUITE_P(All, SharedTokenStoreContract,
                         ::testing::ValuesIn(durable_token_store_back_ends()), name_of);

} // namespace
} // namespace assay::contract
