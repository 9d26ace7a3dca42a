#include "stores/postgres/claiming_call.h"

#include <array>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "stores/postgres/token_calls.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::claim_of;
using testing::kTokenTime;

// What came in that order.
class ClaimingCalls : public ::testing::Test {
protected:
  ClaimingCall& come(const std::string& jti, TimePoint now = kTokenTime,
                     std::chrono::seconds life = 300s) {
    calls_.push_back(std::make_unique<IssueCall>(claim_of(jti, life), now));
    group_.push_back(calls_.back().get());
    return *calls_.back();
  }

  std::vector<std::unique_ptr<IssueCall>> calls_;
  std::vector<GroupedCall*> group_;
};

// Two groups that took the same claims in different orders would wait for each other.
TEST_F(ClaimingCalls, AreSentInTheOrderOfTheirClaims) {
  for (const char* jti : {"one", "two", "three", "four", "five"})
    come(jti);
  sort_by_claims(group_);
  for (std::size_t index = 1; index < group_.size(); ++index)
    EXPECT_LT(static_cast<ClaimingCall*>(group_[index - 1])->claim->digest,
              static_cast<ClaimingCall*>(group_[index])->claim->digest);
}

TEST_F(ClaimingCalls, FollowTheFirstThatHasTheSameClaim) {
  const ClaimingCall& first = come("jti");
  const ClaimingCall& other = come("other");
  const ClaimingCall& second = come("jti", kTokenTime, 900s);
  sort_by_claims(group_);
  EXPECT_FALSE(first.follows);
  EXPECT_FALSE(other.follows);
  EXPECT_TRUE(second.follows);
}

TEST_F(ClaimingCalls, AreUsedBeforeWhenTheFirstWasHonoured) {
  const ClaimingCall& first = come("jti");
  const ClaimingCall& second = come("jti");
  sort_by_claims(group_);
  settle_followers(group_);
  EXPECT_FALSE(first.is_used_before);
  EXPECT_TRUE(second.is_used_before);
  EXPECT_FALSE(second.is_to_be_made_again);
}

TEST_F(ClaimingCalls, AreUsedBeforeWhenTheFirstWas) {
  ClaimingCall& first = come("jti");
  const ClaimingCall& second = come("jti");
  sort_by_claims(group_);
  first.is_used_before = true;
  settle_followers(group_);
  EXPECT_TRUE(second.is_used_before);
}

// The claim may end between the two: only the engine knows.
TEST_F(ClaimingCalls, AreMadeAgainWhenTheFirstSaysNothingOfTheirTime) {
  ClaimingCall& first = come("jti");
  const ClaimingCall& later = come("jti", kTokenTime + 1us);
  const ClaimingCall& after = come("jti", kTokenTime + 300s);
  sort_by_claims(group_);
  settle_followers(group_);
  EXPECT_TRUE(later.is_used_before);
  EXPECT_TRUE(after.is_to_be_made_again);
  first.is_used_before = true;
  settle_followers(group_);
  EXPECT_TRUE(later.is_to_be_made_again);
}

} // namespace
} // namespace assay::stores
