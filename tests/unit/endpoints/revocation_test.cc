#include "endpoints/revocation.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "support/tokens.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

class Revocation : public ::testing::Test {
protected:
  Revocation() {
    json::array secrets;
    secrets.push_back(json::object{{"sha256", crypto::sha256("billing's").hex()}});
    office_.change("billing", "secrets", secrets);
  }

  http::Response post(const std::string& body, const std::string& credentials) {
    http::Request request = form(body);
    request.fields.push_back({"Authorization", credentials});
    return testing::result_of(endpoint_.handle(request));
  }
  http::Response revoke(const std::string& token, const std::string& more = "") {
    return post("token=" + token + more, basic("billing", "billing's"));
  }
  bool is_live(const std::string& token) {
    return testing::result_of(office_.tokens().find(oauth::token_key(token), office_.now))
        .has_value();
  }

  Office office_;
  RevocationEndpoint endpoint_{office_.inspection()};
};

TEST_F(Revocation, EndsATokenForItsOwner) {
  const std::string token = office_.issue_token();
  const auto response = revoke(token);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "{}");
  EXPECT_FALSE(is_live(token));
  EXPECT_EQ(office_.last_audit_line().at("event"), "revocation");
  EXPECT_EQ(office_.last_audit_line().at("detail"), "revoked");
}

// RFC 7009 section 2.2.
TEST_F(Revocation, IsContentWithATokenThatIsNotThere) {
  EXPECT_EQ(revoke("unknown").status, 200U);
  const std::string token = office_.issue_token();
  EXPECT_EQ(revoke(token).status, 200U);
  EXPECT_EQ(revoke(token).status, 200U);
}

// RFC 7009 section 2.1.
TEST_F(Revocation, LeavesTheTokenOfAnotherClientAlone) {
  const std::string token = office_.issue_token();
  expect_error(post("token=" + token, basic("api", office_.secret())), 400, "invalid_grant");
  EXPECT_TRUE(is_live(token));
  EXPECT_EQ(office_.last_audit_line().at("reason"), "token_foreign");
}

// Success would be a lie (RFC 7009 section 2.2.1).
TEST_F(Revocation, SaysThatAnUnstoredTokenCannotBeRevoked) {
  const std::string token = office_.unstored_token();
  expect_error(revoke(token), 400, "unsupported_token_type");
  EXPECT_EQ(office_.last_audit_line().at("reason"), "token_unstored");
  expect_error(post("token=" + token, basic("api", office_.secret())), 400, "invalid_grant");
  EXPECT_EQ(office_.last_audit_line().at("reason"), "token_foreign");
}

TEST_F(Revocation, WantsTheClientToProveItself) {
  const std::string token = office_.issue_token();
  expect_error(post("token=" + token, basic("billing", "wrong")), 401, "invalid_client");
  EXPECT_TRUE(is_live(token));
}

TEST_F(Revocation, TakesTheFamilyOfARefreshTokenAlong) {
  const TimePoint expires_at = office_.now + std::chrono::hours(12);
  const std::string text = testing::token_text("refresh", expires_at, office_.now);
  auto access = office_.ordinary_token();
  auto refresh = testing::record_of(text, expires_at, office_.now);
  refresh.kind = oauth::TokenKind::refresh;
  access.family = refresh.family = "red";
  const std::string access_text = testing::token_text("token", access.expires_at, access.issued_at);
  testing::result_of(office_.tokens().issue({access, refresh, {}}, office_.now));
  EXPECT_EQ(revoke(text).status, 200U);
  EXPECT_FALSE(is_live(text));
  EXPECT_FALSE(is_live(access_text));
}

// A wrong hint must not hide a token, and an unknown one is no fault.
TEST_F(Revocation, FindsATokenWhateverTheHint) {
  for (const char* hint : {"access_token", "refresh_token", "something"}) {
    office_.now += std::chrono::seconds(1);
    const std::string token = office_.issue_token();
    EXPECT_EQ(revoke(token, std::string("&token_type_hint=") + hint).status, 200U);
    EXPECT_FALSE(is_live(token)) << hint;
  }
}

TEST_F(Revocation, WantsAToken) {
  expect_error(post("", basic("billing", "billing's")), 400, "invalid_request");
}

} // namespace
} // namespace assay::endpoints
