#include "endpoints/introspection.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "support/vectors.h"
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
  testing::TokenWorkshop workshop_;
  IntrospectionEndpoint endpoint_{
      office_.inspection(), {std::string(kIssuer), jose::Algorithm::es256, workshop_.signer()}};
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
  office_.remove("billing");
  EXPECT_EQ(body_about(token), kInactive);
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
  expect_error(response, 401, "invalid_client");
  EXPECT_EQ(office_.last_audit_line().at("reason"), "introspection_not_allowed");
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
  oauth::TokenRecord record = office_.ordinary_token();
  record.parameters = {{"tenant", "north"}, {"active", "no"}, {"scope", "all"}};
  const json::object members = members_of(ask_about(office_.issue(record)));
  EXPECT_EQ(members.at("tenant"), "north");
  EXPECT_EQ(members.at("active"), true);
  EXPECT_EQ(members.at("scope"), "invoices.read");
}

TEST_F(Introspection, TellsSeveralAudiencesAsAList) {
  oauth::TokenRecord record = office_.ordinary_token();
  record.audience = "http://apiserver https://b.example";
  EXPECT_EQ(members_of(ask_about(office_.issue(record))).at("aud"),
            json::value(json::array{"http://apiserver", "https://b.example"}));
}

// RFC 9449 section 6.2, RFC 8705 section 3.2.
TEST_F(Introspection, TellsWhichKeysATokenIsBoundTo) {
  oauth::TokenRecord record = office_.ordinary_token();
  record.confirmation.key = crypto::sha256("key");
  record.confirmation.certificate = crypto::sha256("certificate");
  EXPECT_EQ(members_of(ask_about(office_.issue(record))).at("cnf"),
            json::value(to_members(record.confirmation)));
}

class SignedIntrospection : public Introspection {
protected:
  http::Response ask_signed(const std::string& token, const std::string& accept,
                            const std::string& more = "") {
    http::Request request = form("token=" + token + more);
    request.fields.push_back({"Authorization", basic("api", office_.secret())});
    request.fields.push_back({"Accept", accept});
    return testing::result_of(endpoint_.handle(request));
  }
  static constexpr const char* kType = "application/token-introspection+jwt";
};

// RFC 9701 section 5.
TEST_F(SignedIntrospection, IsTheSameAnswerSigned) {
  const std::string token = office_.issue_token();
  const auto response = ask_signed(token, kType);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(field_of(response, "Content-Type"), kType);
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  const std::size_t dot = response.body.rfind('.');
  EXPECT_TRUE(workshop_.signing_key->key.public_key().verify(
      jose::Algorithm::es256, response.body.substr(0, dot),
      *base64url_decode(response.body.substr(dot + 1))));
  const std::size_t payload = response.body.find('.') + 1;
  const auto header =
      parse_strict_json(*base64url_decode(response.body.substr(0, payload - 1)))->get_object();
  EXPECT_EQ(header.at("typ"), "token-introspection+jwt");
  EXPECT_EQ(*base64url_decode(response.body.substr(payload, dot - payload)),
            R"({"iss":"http://apiserver","aud":"api","iat":1800000000,"token_introspection":)" +
                body_about(token) + "}");
}

// RFC 9701 section 5. The answer inside has more or less by the token: what must be there is.
TEST_F(SignedIntrospection, HasTheClaimsThatTheStandardPrints) {
  const std::string body = ask_signed(office_.issue_token(), kType).body;
  const std::size_t payload = body.find('.') + 1;
  const auto ours =
      parse_strict_json(*base64url_decode(body.substr(payload, body.rfind('.') - payload)));
  const auto theirs = parse_strict_json(testing::vector_text("rfc9701-5.claims.json"));
  ASSERT_TRUE(ours && theirs);
  ASSERT_EQ(ours->as_object().size(), theirs->as_object().size());
  for (const auto& [name, value] : theirs->as_object())
    EXPECT_EQ(ours->as_object().at(name).kind(), value.kind()) << name;
  const json::object& answer = ours->at("token_introspection").as_object();
  for (const char* name : {"active", "iss", "aud", "iat", "exp", "client_id", "scope", "sub"})
    EXPECT_EQ(answer.at(name).kind(), theirs->at("token_introspection").at(name).kind()) << name;
}

TEST_F(SignedIntrospection, IsGivenToWhoAcceptsIt) {
  const std::string token = office_.issue_token();
  for (const std::string accept : {"application/json, application/token-introspection+jwt;q=0.9",
                                   "application/token-introspection+jwt , */*"})
    EXPECT_EQ(field_of(ask_signed(token, accept), "Content-Type"), kType) << accept;
  for (const std::string accept : {"", "*/*", "application/*", "application/json",
                                   "text/plain;x=application/token-introspection+jwt"})
    EXPECT_EQ(field_of(ask_signed(token, accept), "Content-Type"), "application/json") << accept;
}

TEST_F(SignedIntrospection, SignsWhatIsInactiveToo) {
  EXPECT_EQ(field_of(ask_signed("unknown", kType), "Content-Type"), kType);
}

TEST_F(SignedIntrospection, LeavesErrorsAndOtherShapesAsTheyAre) {
  EXPECT_EQ(field_of(ask_signed("", kType), "Content-Type"), "application/json");
  EXPECT_EQ(field_of(ask_signed("unknown", kType, "&format=xml"), "Content-Type"),
            "application/xml;charset=UTF-8");
}

TEST_F(Introspection, CountsARevokedTokenAsInactive) {
  const std::string token = office_.issue_token();
  testing::result_of(office_.tokens().revoke(oauth::token_key(token), office_.now));
  EXPECT_EQ(body_about(token), kInactive);
}

TEST_F(Introspection, CountsATokenAsInactiveFromTheMomentOfItsExpiry) {
  const oauth::TokenRecord record = office_.ordinary_token();
  const std::string token = office_.issue(record);
  office_.now = record.expires_at - std::chrono::microseconds(1);
  EXPECT_NE(body_about(token), kInactive);
  office_.now = record.expires_at;
  EXPECT_EQ(body_about(token), kInactive);
}

// An API that is told that it is active could take it for an access token.
TEST_F(Introspection, ShowsARefreshTokenToItsOwnerAlone) {
  oauth::TokenRecord record = office_.ordinary_token();
  record.kind = oauth::TokenKind::refresh;
  const std::string token = office_.issue(record);
  EXPECT_EQ(body_about(token), kInactive);

  record.client_id = record.subject = "api";
  testing::result_of(office_.tokens().revoke(record.key, office_.now));
  EXPECT_EQ(members_of(ask_about(office_.issue(record))).at("token_type"), "refresh_token");
}

// RFC 7662 section 2.1: a hint, and no more.
TEST_F(Introspection, IsNotMisledByAHint) {
  const std::string token = office_.issue_token();
  EXPECT_NE(body_about(token + "&token_type_hint=refresh_token"), kInactive);
}

TEST_F(Introspection, AnswersInTheFormatAskedFor) {
  const std::string token = office_.issue_token();
  EXPECT_TRUE(body_about(token + "&format=xml").contains("<oauth><active>true</active>"));
  EXPECT_EQ(body_about("unknown&format=urlencoded"), "active=false");
}

TEST_F(Introspection, WritesDownWhoAskedAboutWhatAndNeverTheToken) {
  const std::string token = office_.issue_token();
  ask_about(token);
  const json::object active = office_.last_audit_line();
  EXPECT_EQ(active.at("event"), "introspection");
  EXPECT_EQ(active.at("client_id"), "api");
  EXPECT_EQ(active.at("outcome"), "granted");
  EXPECT_EQ(active.at("token_sha256_prefix").as_string(),
            crypto::sha256(token).hex().substr(0, 16));
  EXPECT_FALSE(json::serialize(active).contains(token));

  ask_about("unknown");
  const json::object inactive = office_.last_audit_line();
  EXPECT_EQ(inactive.at("detail"), "inactive: token_unknown");
  EXPECT_FALSE(inactive.contains("token_sha256_prefix"));
}

} // namespace
} // namespace assay::endpoints
