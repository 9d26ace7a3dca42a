#include "endpoints/token_info.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

class TokenInfo : public ::testing::Test {
protected:
  http::Response ask_about(const std::string& token, const std::string& credentials) {
    http::Request request = form("access_token=" + token);
    request.fields.push_back({"Authorization", credentials});
    return testing::result_of(endpoint_.handle(request));
  }
  http::Response ask_about(const std::string& token) {
    return ask_about(token, basic("api", office_.secret()));
  }

  Office office_;
  TokenInfoEndpoint endpoint_{office_.inspection()};
};

TEST_F(TokenInfo, AnswersInTheWordsOfTheOldGateway) {
  const std::string token = office_.issue_token();
  office_.now += std::chrono::milliseconds(1500);
  const auto response = ask_about(token);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(
      response.body,
      R"({"audience":"billing","user_id":"billing","scope":"invoices.read","expires_in":3598})");
}

TEST_F(TokenInfo, RefusesATokenThatIsNotLive) {
  const auto response = ask_about("unknown");
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_token");
  EXPECT_EQ(office_.last_audit_line().at("reason"), "token_unknown");
}

TEST_F(TokenInfo, KnowsNothingOfRefreshTokens) {
  const TimePoint expires_at = office_.now + std::chrono::hours(1);
  const std::string text = "only22characters-long_";
  oauth::TokenRecord record{.key = oauth::token_key(text),
                            .kind = oauth::TokenKind::refresh,
                            .service = "/api/oauth/token",
                            .client_id = "billing",
                            .subject = "billing",
                            .scope = {},
                            .audience = std::string(kIssuer),
                            .token_type = "Bearer",
                            .issued_at = office_.now,
                            .expires_at = expires_at,
                            .family = {},
                            .parameters = {}};
  testing::result_of(office_.tokens().issue({record, {}, {}}, office_.now));
  EXPECT_EQ(members_of(ask_about(text)).at("error"), "invalid_token");
}

TEST_F(TokenInfo, WantsACallerThatAuthenticates) {
  const auto response = ask_about(office_.issue_token(), basic("api", "wrong"));
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_client");
}

} // namespace
} // namespace assay::endpoints
