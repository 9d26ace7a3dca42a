#include "endpoints/introspection.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

class Introspection : public ::testing::Test {
protected:
  http::Response ask(const std::string& body, const std::string& credentials) {
    http::Request request = form(body);
    request.fields.push_back({"Authorization", credentials});
    return testing::result_of(endpoint_.handle(request));
  }
  http::Response ask_about(const std::string& token) {
    return ask("token=" + token, basic("api", office_.secret()));
  }
  std::string body_about(const std::string& token) { return ask_about(token).body; }

  Office office_;
  IntrospectionEndpoint endpoint_{office_.inspection(), std::string(kIssuer)};
};

constexpr std::string_view kInactive = R"({"active":false})";

// RFC 7662 section 2.2.
TEST_F(Introspection, TellsAllThatALiveTokenIsWorth) {
  const auto response = ask_about(office_.issue_token());
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(response.body,
            R"({"active":true,"scope":"invoices.read","client_id":"billing",)"
            R"("token_type":"Bearer","exp":1800003600,"iat":1800000000,"nbf":1800000000,)"
            R"("sub":"billing","aud":"http://apiserver","iss":"http://apiserver"})");
  EXPECT_EQ(office_.last_audit_line().at("detail"), "active");
}

TEST_F(Introspection, SaysNoMoreThanInactiveOfWhatIsNotLive) {
  EXPECT_EQ(body_about("unknown"), kInactive);
  const std::string token = office_.issue_token();
  office_.now += std::chrono::hours(1);
  EXPECT_EQ(body_about(token), kInactive);
}

TEST_F(Introspection, CountsTheTokensOfADisabledOrDeletedApplicationAsInactive) {
  const std::string token = office_.issue_token();
  office_.change("billing", "enabled", false);
  EXPECT_EQ(body_about(token), kInactive);
  office_.change("billing", "enabled", true);
  EXPECT_NE(body_about(token), kInactive);
}

// A protected API must not learn of tokens that are for another one.
TEST_F(Introspection, CountsATokenForAnotherApiAsInactive) {
  const std::string token = office_.issue_token();
  office_.change("api", "serves", json::array{"https://other.example"});
  EXPECT_EQ(body_about(token), kInactive);
}

TEST_F(Introspection, WantsACallerWithTheRightToAsk) {
  office_.change("api", "may_introspect", false);
  const auto response = ask_about(office_.issue_token());
  EXPECT_EQ(office_.last_audit_line().at("reason"), "introspection_not_allowed");
  EXPECT_EQ(members_of(response).at("error"), "invalid_client");
}

TEST_F(Introspection, WantsACallerThatAuthenticates) {
  const auto response = ask("token=" + office_.issue_token(), basic("api", "wrong"));
  EXPECT_EQ(response.status, 401U);
  EXPECT_TRUE(field_of(response, "WWW-Authenticate").starts_with("Basic "));
  EXPECT_EQ(members_of(response).at("error"), "invalid_client");
}

TEST_F(Introspection, WantsAToken) {
  const auto response = ask("", basic("api", office_.secret()));
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_request");
}

TEST_F(Introspection, ShowsTheServicesParametersButNeverOverAStandardMember) {
  const TimePoint expires_at = office_.now + std::chrono::hours(1);
  const std::string text = "only22characters-long_";
  oauth::TokenRecord record{.key = oauth::token_key(text),
                            .service = "/api/oauth/token",
                            .client_id = "billing",
                            .subject = "billing",
                            .scope = "invoices.read",
                            .audience = "http://apiserver https://b.example",
                            .token_type = "Bearer",
                            .issued_at = office_.now,
                            .expires_at = expires_at,
                            .family = {},
                            .parameters = {{"tenant", "north"}, {"active", "no"}}};
  testing::result_of(office_.tokens().issue({record, {}, {}}, office_.now));
  const json::object members = members_of(ask_about(text));
  EXPECT_EQ(members.at("tenant"), "north");
  EXPECT_EQ(members.at("active"), true);
  EXPECT_EQ(members.at("aud"), json::value(json::array{"http://apiserver", "https://b.example"}));
}

} // namespace
} // namespace assay::endpoints
