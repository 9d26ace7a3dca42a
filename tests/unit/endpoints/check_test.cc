#include "endpoints/check.h"

#include <gtest/gtest.h>

#include "support/keys.h"
#include "support/proofs.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
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
  testing::TokenWorkshop workshop_;
  oauth::TokenPossession possession_ = workshop_.possession();
  ResourceMetadata resources_{std::string(kIssuer), {std::string(kIssuer)}};
  CheckEndpoint endpoint_{{office_.inspection().inspection, office_.books(), "/api/oauth/check",
                           std::string(kIssuer), resources_, office_.keys_shown(),
                           workshop_.proofs(), possession_}};
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

// What the gateway asks about is GET https://api.example/invoices.
class CheckOfBoundTokens : public Check {
protected:
  static constexpr const char* kUrl = "https://api.example/invoices";

  CheckOfBoundTokens() {
    request_.method = "GET";
    request_.path = "/api/oauth/check";
    request_.peer_address = kProxy;
    request_.fields = {{"X-Forwarded-Method", "GET"},
                       {"X-Forwarded-Proto", "https"},
                       {"X-Forwarded-Host", "api.example"},
                       {"X-Forwarded-Uri", "/invoices"}};
  }

  std::string issue_bound() {
    oauth::TokenRecord record = office_.ordinary_token();
    record.token_type = "DPoP";
    record.confirmation.key = testing::ec_key().public_key().thumbprint();
    return office_.issue(record);
  }
  http::Response ask_as(const std::string& authorization,
                        const std::optional<std::string>& proof = {}) {
    http::Request request = request_;
    request.fields.push_back({"Authorization", authorization});
    if (proof) request.fields.push_back({"DPoP", *proof});
    return testing::result_of(endpoint_.handle(request));
  }
  std::string proof_for(const std::string& token, const json::object& more = {}) {
    json::object claims{{"ath", crypto::sha256(token).base64url()}};
    for (const auto& [name, value] : more)
      claims[name] = value;
    return testing::proof_by(testing::ec_key(), office_.now,
                             {.method = "GET", .url = kUrl, .more = claims});
  }
  json::value last_reason() { return office_.last_audit_line().at("reason"); }

  http::Request request_;
};

// RFC 9449 section 7.1.
TEST_F(CheckOfBoundTokens, LetsWhoProvesItsKeyThrough) {
  const std::string token = issue_bound();
  const std::string proof = proof_for(token);
  EXPECT_EQ(ask_as("DPoP " + token, proof).status, 200U);
  expect_refusal(ask_as("DPoP " + token, proof), 401, "invalid_dpop_proof");
  EXPECT_EQ(last_reason(), "dpop_replayed");
}

TEST_F(CheckOfBoundTokens, RefusesOneThatIsSentAsABearerToken) {
  const auto response = ask_as("Bearer " + issue_bound());
  expect_refusal(response, 401, "invalid_token");
  EXPECT_EQ(last_reason(), "token_scheme_mismatch");
  EXPECT_TRUE(challenge(response).starts_with("Bearer "));
}

TEST_F(CheckOfBoundTokens, AnswersInTheSchemeThatWasChosen) {
  const auto response = ask_as("DPoP " + issue_bound());
  expect_refusal(response, 401, "invalid_dpop_proof");
  EXPECT_TRUE(challenge(response).starts_with("DPoP realm="));
  EXPECT_NE(challenge(response).find("algs=\"RS256 "), std::string::npos);
  EXPECT_EQ(last_reason(), "dpop_missing");
}

TEST_F(CheckOfBoundTokens, RefusesAProofForAnotherRequest) {
  const std::string token = issue_bound();
  const std::string proof = proof_for(token);
  request_.fields[3].value = "/salaries";
  expect_refusal(ask_as("DPoP " + token, proof), 401, "invalid_dpop_proof");
  EXPECT_EQ(last_reason(), "dpop_url_mismatch");
}

// Who is checked could tell of another request than it makes.
TEST_F(CheckOfBoundTokens, BelievesNobodyButAGatewayWhatTheRequestIs) {
  const std::string token = issue_bound();
  request_.peer_address = "192.0.2.2";
  expect_refusal(ask_as("DPoP " + token, proof_for(token)), 401, "invalid_dpop_proof");
  EXPECT_EQ(last_reason(), "dpop_url_mismatch");
}

// RFC 9449 section 9.
TEST_F(CheckOfBoundTokens, DemandsANonceWhereTheSettingsDo) {
  workshop_.policy.require_nonce = true;
  const oauth::TokenPossession possession = workshop_.possession();
  CheckEndpoint endpoint({office_.inspection().inspection, office_.books(), "/api/oauth/check",
                          std::string(kIssuer), resources_, office_.keys_shown(),
                          workshop_.proofs(), possession});
  const std::string token = issue_bound();
  request_.fields.push_back({"Authorization", "DPoP " + token});
  request_.fields.push_back({"DPoP", proof_for(token)});
  const auto refused = testing::result_of(endpoint.handle(request_));
  expect_refusal(refused, 401, "use_dpop_nonce");
  const std::string nonce = field_of(refused, "DPoP-Nonce");
  request_.fields.back().value = proof_for(token, {{"nonce", nonce}});
  EXPECT_EQ(testing::result_of(endpoint.handle(request_)).status, 200U);
}

// RFC 8705 section 3.
TEST_F(CheckOfBoundTokens, WantsTheCertificateOfTheConnection) {
  oauth::TokenRecord record = office_.ordinary_token();
  record.confirmation.certificate = crypto::sha256("der");
  const std::string token = office_.issue(record);
  request_.peer_address = "192.0.2.2";
  expect_refusal(ask_as("Bearer " + token), 401, "invalid_token");
  EXPECT_EQ(last_reason(), "token_certificate_mismatch");
  request_.client_certificate = std::make_shared<const crypto::PeerCertificate>("der", false);
  EXPECT_EQ(ask_as("Bearer " + token).status, 200U);
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
