#include "endpoints/token.h"

#include <gtest/gtest.h>

#include "base/form_text.h"
#include "oauth/grants/jwt_bearer.h"
#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

// The token endpoint of the office's one service.
class TokenDesk {
public:
  explicit TokenDesk(oauth::TokenServiceSettings settings = {})
      : office(std::move(settings)), service_(offers()),
        endpoint_(office.settings(), service_, office.books()) {}

  http::Response post(const std::string& body) {
    const http::Request request = form(body);
    return testing::result_of(endpoint_.handle(request));
  }
  http::Response present(const std::string& assertion, const std::string& more = "") {
    return post("grant_type=" + form_encode(kGrantType) + "&assertion=" + assertion + more);
  }

  Office office;

private:
  std::vector<oauth::TokenService::Offer> offers() {
    const auto& settings = office.settings();
    std::vector<oauth::TokenService::Offer> offers;
    offers.push_back(
        {oauth::kJwtBearerGrantType,
         std::make_unique<oauth::JwtBearerGrant>(oauth::JwtBearerGrant::Parts{
             .service = settings.path,
             .clock = [this] { return office.now; },
             .applications = office.applications(),
             .limits = {},
             .verifier = oauth::AssertionVerifier({.audiences = settings.audiences}, office.keys()),
             .clients = office.clients(),
             .scopes = {},
             .minter = oauth::TokenMinter(settings, std::string(kIssuer), crypto::secure_random),
             .tokens = office.tokens()})});
    return offers;
  }

  oauth::TokenService service_;
  TokenEndpoint endpoint_;
};

// RFC 6749 section 5.1.
TEST(TokenEndpoint, AnswersAGrantWithTheTokenAndWhatItIsWorth) {
  TokenDesk desk;
  const auto response = desk.present(desk.office.assertion());
  ASSERT_EQ(response.status, 200U) << response.body;
  const json::object members = members_of(response);
  EXPECT_EQ(members.at("access_token").as_string().size(), 54U);
  EXPECT_EQ(members.at("token_type"), "Bearer");
  EXPECT_EQ(members.at("expires_in"), 3600);
  EXPECT_EQ(members.at("scope"), "invoices.read");
  EXPECT_FALSE(members.contains("refresh_token"));
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(field_of(response, "Pragma"), "no-cache");
}

TEST(TokenEndpoint, AnswersWithARefreshTokenWhereThatIsSwitchedOn) {
  oauth::TokenServiceSettings settings;
  settings.refresh_token.issue = true;
  TokenDesk desk(settings);
  const json::object members = members_of(desk.present(desk.office.assertion()));
  EXPECT_EQ(members.at("refresh_token").as_string().size(), 46U);
}

TEST(TokenEndpoint, WritesDownWhoWasGivenWhatByWhichKeyAndNothingSecret) {
  TokenDesk desk;
  const std::string assertion = desk.office.assertion();
  const json::object members = members_of(desk.present(assertion));
  const json::object line = desk.office.last_audit_line();
  EXPECT_EQ(line.at("client_id"), "billing");
  EXPECT_EQ(line.at("issuer"), "billing");
  EXPECT_EQ(line.at("key_id"), "ec-1");
  EXPECT_EQ(line.at("assertion_sha256").as_string(), crypto::sha256(assertion).hex());
  EXPECT_EQ(line.at("scope"), "invoices.read");
  const std::string text = json::serialize(line);
  EXPECT_EQ(text.find(members.at("access_token").as_string()), std::string::npos);
  EXPECT_EQ(text.find(assertion.substr(assertion.rfind('.'))), std::string::npos);
}

TEST(TokenEndpoint, KeepsWhatARefusedAssertionSaidOfItselfCutAt200Characters) {
  TokenDesk desk;
  desk.present(desk.office.assertion({{"aud", std::string(300, 'a')}, {"sub", "billing"}}));
  const json::object line = desk.office.last_audit_line();
  EXPECT_EQ(line.at("reason"), "audience_mismatch");
  const json::object& said = line.at("assertion").as_object();
  EXPECT_EQ(said.at("alg"), "ES256");
  EXPECT_EQ(said.at("kid"), "ec-1");
  EXPECT_EQ(said.at("iss"), "billing");
  EXPECT_EQ(said.at("sub"), "billing");
  EXPECT_EQ(said.at("jti"), "jti-1");
  EXPECT_EQ(said.at("exp"), 1'800'000'120);
  EXPECT_EQ(said.at("aud"), json::value(json::array{std::string(200, 'a')}));
}

TEST(TokenEndpoint, RefusesASecondUse) {
  TokenDesk desk;
  const std::string assertion = desk.office.assertion();
  EXPECT_EQ(desk.present(assertion).status, 200U);
  const auto second = desk.present(assertion);
  EXPECT_EQ(second.status, 400U);
  EXPECT_EQ(members_of(second).at("error"), "invalid_grant");
  EXPECT_EQ(desk.office.last_audit_line().at("reason"), "assertion_replayed");
}

TEST(TokenEndpoint, RefusesAGrantTypeThatItDoesNotOffer) {
  TokenDesk desk;
  EXPECT_EQ(members_of(desk.post("grant_type=password")).at("error"), "unsupported_grant_type");
  EXPECT_EQ(desk.office.last_audit_line().at("grant_type"), "password");
}

TEST(TokenEndpoint, RefusesARequestWithoutAGrantTypeOrAnAssertion) {
  TokenDesk desk;
  EXPECT_EQ(members_of(desk.post("")).at("error"), "invalid_request");
  EXPECT_EQ(members_of(desk.post("grant_type=" + form_encode(kGrantType))).at("error"),
            "invalid_request");
  EXPECT_EQ(desk.office.last_audit_line().at("reason"), "parameter_missing");
}

TEST(TokenEndpoint, PassesTheScopeParameterOn) {
  TokenDesk desk;
  const auto response = desk.present(desk.office.assertion(), "&scope=invoices.write+other");
  EXPECT_EQ(members_of(response).at("scope"), "invoices.write");
}

TEST(TokenEndpoint, ChecksCredentialsThatCameBesideTheAssertion) {
  TokenDesk desk;
  const auto response =
      desk.present(desk.office.assertion(), "&client_id=billing&client_secret=wrong");
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_client");
}

} // namespace
} // namespace assay::endpoints
