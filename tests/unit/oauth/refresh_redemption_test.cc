#include "oauth/refresh_redemption.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

class Redeeming : public ::testing::Test {
protected:
  Redeeming() {
    refresh_.kind = TokenKind::refresh;
    refresh_.client_id = "billing";
    refresh_.subject = "alice";
    application_.subjects = {"alice"};
    application_.secrets = {{crypto::sha256("right"), {}}};
  }

  Result<ProvenSender> redeem() {
    registry::KeyCache keys(10);
    Authentication authentication(keys);
    const auto clients = authentication.of(lookup_of(application_));
    const auto client = testing::result_of(clients.authenticate(
        SecretCredentials{"billing", Secret("right"), registry::AuthMethod::client_secret_post},
        kNow));
    const TokenStanding standing([this](const TokenRecord&) { return shared(application_); },
                                 [this](const TokenRecord&) { return is_revoked_; });
    return redeemed_by(client->sender, refresh_, standing);
  }

  registry::Application application_ = billing();
  TokenRecord refresh_;
  bool is_revoked_ = false;
};

TEST_F(Redeeming, GivesTheSenderThatTheTokenWasIssuedFor) {
  const auto sender = redeem();
  ASSERT_TRUE(sender);
  EXPECT_EQ(sender->application().id, "billing");
  EXPECT_EQ(sender->subject(), "alice");
}

// RFC 6749 section 10.4: a refresh token is bound to its client.
TEST_F(Redeeming, RefusesTheTokenOfAnotherClient) {
  refresh_.client_id = "payroll";
  EXPECT_EQ(reason_of(redeem()), Reason::refresh_token_foreign);
}

TEST_F(Redeeming, RefusesAnAccessToken) {
  refresh_.kind = TokenKind::access;
  EXPECT_EQ(reason_of(redeem()), Reason::refresh_token_unknown);
}

TEST_F(Redeeming, RefusesATokenThatNoLongerStands) {
  application_.subjects = {};
  EXPECT_EQ(reason_of(redeem()), Reason::refresh_token_unknown);
  application_.subjects = {"alice"};
  is_revoked_ = true;
  EXPECT_EQ(reason_of(redeem()), Reason::refresh_token_unknown);
}

} // namespace
} // namespace assay::oauth
