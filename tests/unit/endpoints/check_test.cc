#include "endpoints/check.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

class Check : public ::testing::Test {
protected:
  http::Response ask(const std::vector<std::string>& authorizations, const std::string& query = "",
                     const std::string& path = "/api/oauth/check") {
    http::Request request;
    request.id = "0123456789abcdef";
    request.method = "GET";
    request.path = path;
    request.query = query;
    for (const std::string& value : authorizations)
      request.fields.push_back({"Authorization", value});
    return testing::result_of(endpoint_.handle(request));
  }
  http::Response ask_with(const std::string& token, const std::string& query = "") {
    return ask({"Bearer " + token}, query);
  }
  std::string challenge(const http::Response& response) {
    return field_of(response, "WWW-Authenticate");
  }
  void expect_refusal(const http::Response& response, unsigned status, const std::string& error) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(members_of(response).at("error").as_string(), std::string_view(error));
    EXPECT_NE(challenge(response).find("error=\"" + error + "\""), std::string::npos);
  }

  Office office_;
  ResourceMetadata resources_{std::string(kIssuer), {std::string(kIssuer)}};
  CheckEndpoint endpoint_{{office_.inspection().inspection, office_.books(), "/api/oauth/check",
                           std::string(kIssuer), resources_}};
};

TEST_F(Check, TellsTheGatewayWhoAsks) {
  const auto response = ask_with(office_.issue_token(), "scope=invoices.read");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(field_of(response, "X-Assay-Client"), "billing");
  EXPECT_EQ(field_of(response, "X-Assay-Subject"), "billing");
  EXPECT_EQ(field_of(response, "X-Assay-Scope"), "invoices.read");
  EXPECT_EQ(field_of(response, "X-Assay-Expires"), "1800003600");
  EXPECT_EQ(office_.last_audit_line().at("event"), "check");
  EXPECT_EQ(office_.last_audit_line().at("client_id"), "billing");
}

// RFC 6750 section 3: nothing is wrong yet, so there is no error code.
TEST_F(Check, AsksForATokenWhereThereIsNone) {
  for (const auto& authorizations :
       {std::vector<std::string>(), std::vector<std::string>{"Basic Zm9vOmJhcg=="}}) {
    const auto response = ask(authorizations);
    EXPECT_EQ(response.status, 401U);
    EXPECT_EQ(challenge(response), "Bearer realm=\"assay\", resource_metadata="
                                   "\"http://apiserver/.well-known/oauth-protected-resource\"");
    EXPECT_EQ(response.body, "{}");
  }
}

TEST_F(Check, RefusesTwoTokensAndMalformedOnes) {
  const std::string token = office_.issue_token();
  expect_refusal(ask({"Bearer " + token, "Bearer " + token}), 400, "invalid_request");
  expect_refusal(ask({"Bearer a b"}), 400, "invalid_request");
  expect_refusal(ask_with(token, "access_token=" + token), 400, "invalid_request");
  expect_refusal(ask_with(token, "match=some"), 400, "invalid_request");
}

TEST_F(Check, Answers401ToAGatewayThatKnowsNo400) {
  expect_refusal(ask({"Bearer a b"}, "errors=401"), 401, "invalid_request");
  EXPECT_EQ(ask_with(office_.issue_token(), "errors=401&scope=admin").status, 403U);
}

TEST_F(Check, RefusesATokenThatIsNotLive) {
  expect_refusal(ask_with("unknown"), 401, "invalid_token");
  const std::string token = office_.issue_token();
  office_.change("billing", "enabled", false);
  expect_refusal(ask_with(token), 401, "invalid_token");
  office_.change("billing", "enabled", true);
  office_.now += std::chrono::hours(1);
  expect_refusal(ask_with(token), 401, "invalid_token");
}

TEST_F(Check, RefusesARefreshToken) {
  auto record = office_.ordinary_token();
  record.kind = oauth::TokenKind::refresh;
  expect_refusal(ask_with(office_.issue(record)), 401, "invalid_token");
}

TEST_F(Check, SaysWhichScopesAreWanted) {
  const auto response = ask_with(office_.issue_token(), "scope=invoices.read&scope=admin");
  expect_refusal(response, 403, "insufficient_scope");
  EXPECT_NE(challenge(response).find("scope=\"invoices.read admin\""), std::string::npos);
}

// A token for one API must not open another.
TEST_F(Check, RefusesATokenForAnotherAudience) {
  auto record = office_.ordinary_token();
  record.audience = "https://api.example";
  const std::string token = office_.issue(record);
  expect_refusal(ask_with(token), 401, "invalid_token");
  EXPECT_EQ(office_.last_audit_line().at("reason"), "token_audience_mismatch");
  EXPECT_EQ(ask_with(token, "aud=https://api.example").status, 200U);
}

TEST_F(Check, LetsItsCallersCallerDemandMoreAndNothingElse) {
  const std::string token = office_.issue_token();
  const auto below = [&](const std::string& query) {
    return ask({"Bearer " + token}, query, "/api/oauth/check/invoices/1").status;
  };
  EXPECT_EQ(below("page=2&match=any&aud=urn:other"), 200U);
  EXPECT_EQ(below("scope=invoices.read"), 200U);
  EXPECT_EQ(below("scope=admin&scope=invoices.read&match=any"), 403U);
}

} // namespace
} // namespace assay::endpoints
