#include "oauth/sealed_answer.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

class SealedAnswer : public ::testing::Test {
protected:
  std::string seal() const {
    return seal_answer({Secret("access"), Secret("refresh"), "Bearer", 3600s, "read write"}, kNow,
                       presented_, crypto::secure_random);
  }

  Secret presented_{"the refresh token that was presented"};
};

TEST_F(SealedAnswer, IsOpenedByTheTokenThatWasPresented) {
  const auto answer = open_answer(seal(), presented_, kNow);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->access_token.reveal(), "access");
  EXPECT_EQ(answer->refresh_token->reveal(), "refresh");
  EXPECT_EQ(answer->token_type, "Bearer");
  EXPECT_EQ(answer->scope, "read write");
}

TEST_F(SealedAnswer, SaysHowLongTheTokenIsStillGood) {
  EXPECT_EQ(open_answer(seal(), presented_, kNow)->expires_in, 3600s);
  EXPECT_EQ(open_answer(seal(), presented_, kNow + 8s)->expires_in, 3592s);
  EXPECT_EQ(open_answer(seal(), presented_, kNow + 2h)->expires_in, 0s);
}

// Whoever reads the store has nothing.
TEST_F(SealedAnswer, IsOpenedByNothingElse) {
  const std::string sealed = seal();
  EXPECT_EQ(sealed.find("access"), std::string::npos);
  EXPECT_FALSE(open_answer(sealed, Secret("another refresh token"), kNow));
  EXPECT_FALSE(open_answer("", presented_, kNow));
}

} // namespace
} // namespace assay::oauth
