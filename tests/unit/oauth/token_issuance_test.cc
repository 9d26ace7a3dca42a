#include "oauth/token_issuance.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_token_store.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "support/unavailable_token_store.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using testing::result_of;

class Issuance : public ::testing::Test {
protected:
  Issuance() {
    settings_.refresh_token.issue = true;
    settings_.access_token.format = TokenFormat::jwt;
    settings_.access_token.store_outage = StoreOutage::mint;
  }

  std::optional<MintedToken> issue() {
    const auto issuance = workshop_.issuance(settings_, *store_);
    const ReplayClaim claim = replay_claim(kService, "billing", "jti-1", kNow + kLife);
    return result_of(issuance.issue({.sender = sender_->sender(),
                                     .bounds = {"read", "urn:api"},
                                     .refresh = RefreshToken::as_configured,
                                     .claim = claim},
                                    kNow, trace_));
  }
  IssueOutcome claim() {
    const auto issuance = workshop_.issuance(settings_, *store_);
    return result_of(
        issuance.claim(replay_claim(kService, "billing", "jti-1", kNow + kLife), kNow, trace_));
  }

  static constexpr std::chrono::seconds kLife{120};

  TokenServiceSettings settings_;
  testing::TokenWorkshop workshop_;
  stores::MemoryTokenStore tokens_;
  testing::UnavailableTokenStore away_;
  TokenStore* store_ = &tokens_;
  GrantTrace trace_;
  Result<VerifiedAssertion> sender_ = Judge{}.verify(assertion_by_billing());
};

TEST_F(Issuance, StoresWhatItGivesAndTakesTheClaim) {
  const auto token = issue();
  ASSERT_TRUE(token && token->refresh_token);
  const auto record = result_of(tokens_.find(token_key(token->access_token.reveal()), kNow));
  ASSERT_TRUE(record);
  EXPECT_EQ(trace_.token, record->key.digest);
  EXPECT_EQ(trace_.warning, "");
  EXPECT_FALSE(workshop_.unstored().read(token->access_token.reveal(), kNow));
  EXPECT_FALSE(issue()) << "the claim is taken";
  EXPECT_EQ(claim(), IssueOutcome::used_before);
}

TEST_F(Issuance, RefusesWhileTheStoreIsAway) {
  settings_.access_token.store_outage = StoreOutage::refuse;
  store_ = &away_;
  EXPECT_THROW(issue(), Unavailable);
  EXPECT_THROW(claim(), Unavailable);
}

TEST_F(Issuance, GivesATokenThatSaysThatItIsNotStoredWhereTheServiceGoesOn) {
  store_ = &away_;
  const auto token = issue();
  ASSERT_TRUE(token);
  EXPECT_FALSE(token->refresh_token) << "nobody could redeem it";
  EXPECT_EQ(trace_.warning, "token_not_stored");
  const auto record = workshop_.unstored().read(token->access_token.reveal(), kNow);
  ASSERT_TRUE(record);
  EXPECT_EQ(trace_.token, record->key.digest);
}

TEST_F(Issuance, TakesAClientAssertionForGoodWhereTheServiceGoesOn) {
  store_ = &away_;
  EXPECT_EQ(claim(), IssueOutcome::stored);
  EXPECT_EQ(trace_.warning, "token_not_stored");
}

// Or whoever sends enough would switch off the memory of used assertions.
TEST_F(Issuance, TakesAFullQueueForNoOutage) {
  away_.is_overloaded = true;
  store_ = &away_;
  EXPECT_THROW(issue(), Overloaded);
  EXPECT_THROW(claim(), Overloaded);
}

} // namespace
} // namespace assay::oauth
