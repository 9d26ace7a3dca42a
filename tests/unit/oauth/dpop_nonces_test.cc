#include "oauth/dpop_nonces.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

class Nonces : public ::testing::Test {
protected:
  DpopNonces nonces_{"a secret of the node", 300s};
};

TEST_F(Nonces, AreGoodForTheirLifeAtLeastAndTwiceAtMost) {
  const std::string nonce = nonces_.at(kNow);
  EXPECT_TRUE(nonces_.is_good(nonce, kNow));
  EXPECT_TRUE(nonces_.is_good(nonce, kNow + 300s));
  EXPECT_FALSE(nonces_.is_good(nonce, kNow + 600s));
}

TEST_F(Nonces, AreTheSameOnEveryNodeWithTheSecret) {
  EXPECT_EQ(DpopNonces("a secret of the node", 300s).at(kNow), nonces_.at(kNow));
  EXPECT_FALSE(DpopNonces("another secret", 300s).is_good(nonces_.at(kNow), kNow));
}

TEST_F(Nonces, AreGoodOnANodeWhoseClockIsBehind) {
  EXPECT_TRUE(nonces_.is_good(nonces_.at(kNow + 2s), kNow));
  EXPECT_FALSE(nonces_.is_good(nonces_.at(kNow + 601s), kNow));
}

TEST_F(Nonces, CannotBeMadeUp) {
  std::string nonce = nonces_.at(kNow);
  nonce.back() = nonce.back() == 'A' ? 'B' : 'A';
  for (const std::string& made_up : {std::string(), std::string("nonce"), nonce})
    EXPECT_FALSE(nonces_.is_good(made_up, kNow)) << made_up;
}

TEST_F(Nonces, ChangeWithTime) { EXPECT_NE(nonces_.at(kNow), nonces_.at(kNow + 300s)); }

} // namespace
} // namespace assay::oauth
