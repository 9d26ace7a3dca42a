#include "oauth/token_standing.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

class Standing : public ::testing::Test {
protected:
  std::optional<Reason> refusal() {
    const TokenStanding standing([this](const TokenRecord&) { return owner_; },
                                 [this](const TokenRecord&) { return is_revoked_; });
    return reason_of(standing.check(record_));
  }

  TokenRecord record_ = [] {
    TokenRecord record;
    record.client_id = record.subject = "billing";
    return record;
  }();
  std::shared_ptr<const registry::Application> owner_ = shared(billing());
  bool is_revoked_ = false;
};

TEST_F(Standing, HoldsWhileAllThatItLeansOnIsThere) { EXPECT_FALSE(refusal()); }

TEST_F(Standing, EndsWithTheApplication) {
  registry::Application disabled = billing();
  disabled.enabled = false;
  owner_ = shared(disabled);
  EXPECT_EQ(refusal(), Reason::token_owner_gone);
  owner_ = nullptr;
  EXPECT_EQ(refusal(), Reason::token_owner_gone);
}

TEST_F(Standing, EndsWithTheSubject) {
  record_.subject = "alice";
  EXPECT_EQ(refusal(), Reason::token_subject_gone);
}

TEST_F(Standing, EndsWhenAllAreRevoked) {
  is_revoked_ = true;
  EXPECT_EQ(refusal(), Reason::token_revoked);
}

TEST(StandingWithoutEpochs, RevokesNothing) {
  const TokenStanding standing([](const TokenRecord&) { return shared(billing()); }, {});
  TokenRecord record;
  record.subject = "billing";
  EXPECT_TRUE(standing.check(record));
}

} // namespace
} // namespace assay::oauth
