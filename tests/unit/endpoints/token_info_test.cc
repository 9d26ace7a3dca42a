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
  TokenInfoEndpoint endpoint_{office_.inspection(), TokenInfoCallers::authenticated};
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
  oauth::TokenRecord record = office_.ordinary_token();
  record.kind = oauth::TokenKind::refresh;
  record.client_id = "api";
  expect_error(ask_about(office_.issue(record)), 400, "invalid_token");
}

TEST_F(TokenInfo, WantsACallerThatAuthenticates) {
  const auto response = ask_about(office_.issue_token(), basic("api", "wrong"));
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_client");
}

// Without the right to ask about others'.
TEST_F(TokenInfo, AnswersAnApplicationAboutItsOwnTokens) {
  office_.change("api", "may_introspect", false);
  const std::string others = office_.issue_token();
  expect_error(ask_about(others), 400, "invalid_token");

  oauth::TokenRecord own = office_.ordinary_token();
  own.client_id = own.subject = "api";
  testing::result_of(office_.tokens().revoke(own.key, office_.now));
  EXPECT_EQ(members_of(ask_about(office_.issue(own))).at("audience"), "api");
}

TEST_F(TokenInfo, ShowsTheServicesParametersButNeverOverAMemberOfItsOwn) {
  oauth::TokenRecord record = office_.ordinary_token();
  record.parameters = {{"tenant", "north"}, {"user_id", "root"}};
  const json::object members = members_of(ask_about(office_.issue(record)));
  EXPECT_EQ(members.at("tenant"), "north");
  EXPECT_EQ(members.at("user_id"), "billing");
}

TEST_F(TokenInfo, WantsAToken) { expect_error(ask_about(""), 400, "invalid_request"); }

TEST_F(TokenInfo, WritesDownWhoAskedAboutWhat) {
  const std::string token = office_.issue_token();
  ask_about(token);
  const json::object line = office_.last_audit_line();
  EXPECT_EQ(line.at("event"), "token_info");
  EXPECT_EQ(line.at("client_id"), "api");
  EXPECT_EQ(line.at("token_sha256_prefix").as_string(), crypto::sha256(token).hex().substr(0, 16));
}

// As the old gateway did, where the configuration says so.
TEST_F(TokenInfo, AnswersAnybodyWhereItIsOpen) {
  TokenInfoEndpoint open(office_.inspection(), TokenInfoCallers::anybody);
  const auto ask = [&](const std::string& token) {
    return testing::result_of(open.handle(form("access_token=" + token)));
  };
  EXPECT_EQ(members_of(ask(office_.issue_token())).at("audience"), "billing");
  expect_error(ask("unknown"), 400, "invalid_token");
}

} // namespace
} // namespace assay::endpoints
