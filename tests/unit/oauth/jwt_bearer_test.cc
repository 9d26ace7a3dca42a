#include "oauth/grants/jwt_bearer.h"

#include <gtest/gtest.h>

#include "support/unavailable_token_store.h"
#include "unit/oauth/grant_fixture.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using testing::result_of;

constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

class JwtBearer : public GrantFixture {
protected:
  JwtBearer() { application_.secrets = {{crypto::sha256("right"), {}}}; }
};

TEST_F(JwtBearer, GivesATokenForAnAssertion) {
  const auto token = present(assertion_by_billing());
  ASSERT_TRUE(token) << token.error().detail;
  EXPECT_EQ(token->token_type, "Bearer");
  EXPECT_EQ(token->expires_in, 3600s);
  EXPECT_EQ(token->scope, "invoices.read");
  EXPECT_FALSE(token->refresh_token);
}

TEST_F(JwtBearer, StoresTheTokenBeforeItIsAnswered) {
  const auto token = present(assertion_by_billing());
  ASSERT_TRUE(token);
  const auto record = result_of(tokens_.find(token_key(token->access_token.reveal()), kNow));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->client_id, "billing");
  EXPECT_EQ(record->subject, "billing");
  EXPECT_EQ(record->scope, "invoices.read");
  EXPECT_EQ(record->service, kService);
}

TEST_F(JwtBearer, StoresThePairWhereRefreshTokensAreOn) {
  settings_.refresh_token.issue = true;
  const auto token = present(assertion_by_billing());
  ASSERT_TRUE(token && token->refresh_token);
  const auto record = result_of(tokens_.find(token_key(token->refresh_token->reveal()), kNow));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->kind, TokenKind::refresh);
}

TEST_F(JwtBearer, NeedsAnAssertion) {
  const std::string grant_type(kJwtBearerGrantType);
  EXPECT_EQ(reason_of(ask({{"grant_type", grant_type}})), Reason::parameter_missing);
  EXPECT_EQ(reason_of(ask({{"grant_type", grant_type}, {"assertion", ""}})),
            Reason::parameter_missing);
}

TEST_F(JwtBearer, RefusesTheSecondUseOfAJti) {
  ASSERT_TRUE(present(assertion_by_billing()));
  EXPECT_EQ(reason_of(present(assertion_by_billing())), Reason::assertion_replayed);
}

TEST_F(JwtBearer, RefusesTheSecondUseOfAJtiWithOtherClaimsToo) {
  ASSERT_TRUE(present(assertion_by_billing()));
  EXPECT_EQ(reason_of(present(assertion_with(claims_with("exp", seconds_after_now(200))))),
            Reason::assertion_replayed);
}

TEST_F(JwtBearer, RemembersAJtiAsLongAsTheAssertionIsAcceptable) {
  ASSERT_TRUE(present(assertion_by_billing()));
  now_ = kNow + 150s - 1us; // exp is 120 s ahead, and the clock skew 30 s
  EXPECT_EQ(reason_of(present(assertion_by_billing())), Reason::assertion_replayed);
  now_ = kNow + 150s;
  EXPECT_EQ(reason_of(present(assertion_by_billing())), Reason::expired);
}

TEST_F(JwtBearer, GivesTwoTokensForTwoJtis) {
  const auto first = present(assertion_by_billing());
  const auto second = present(assertion_with(claims_with("jti", "jti-2")));
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->access_token.reveal(), second->access_token.reveal());
}

TEST_F(JwtBearer, TakesAnAssertionWithoutAJtiAnyNumberOfTimes) {
  const std::string text = assertion_with(claims_without("jti"));
  EXPECT_TRUE(present(text));
  EXPECT_TRUE(present(text));
}

TEST_F(JwtBearer, AsksForTheScopeOfTheRequestOrOfTheAssertion) {
  EXPECT_EQ(present(assertion_by_billing(), {{"scope", "invoices.write"}})->scope,
            "invoices.write");
  json::object claims = claims_with("scope", "invoices.write invoices.read");
  claims["jti"] = "jti-2";
  EXPECT_EQ(present(assertion_with(claims))->scope, "invoices.write invoices.read");
  claims["jti"] = "jti-3";
  EXPECT_EQ(reason_of(present(assertion_with(claims), {{"scope", "payroll"}})),
            Reason::scope_exceeds_assertion);
}

// First decide, then commit: what is refused on its merits can be mended and sent again.
TEST_F(JwtBearer, LeavesNoTraceOfWhatItRefuses) {
  EXPECT_EQ(reason_of(present(assertion_by_billing(), {{"scope", "payroll"}})),
            Reason::scope_not_allowed);
  EXPECT_TRUE(store_is_untouched());
  EXPECT_EQ(reason_of(present(assertion_by_billing(), {{"client_id", "payroll"}})),
            Reason::client_mismatch);
  EXPECT_TRUE(store_is_untouched());
  EXPECT_TRUE(present(assertion_by_billing()));
  EXPECT_FALSE(store_is_untouched());
}

// Client credentials beside an assertion: RFC 7521 section 4.1.

TEST_F(JwtBearer, AcceptsTheClientsOwnNameBesideTheAssertion) {
  EXPECT_TRUE(present(assertion_by_billing(), {{"client_id", "billing"}}));
}

TEST_F(JwtBearer, RefusesAnotherNameBesideTheAssertion) {
  EXPECT_EQ(reason_of(present(assertion_by_billing(), {{"client_id", "payroll"}})),
            Reason::client_mismatch);
}

TEST_F(JwtBearer, AcceptsGoodCredentialsBesideTheAssertion) {
  EXPECT_TRUE(
      present(assertion_by_billing(), {{"client_id", "billing"}, {"client_secret", "right"}}));
}

TEST_F(JwtBearer, NeverIgnoresBadCredentials) {
  EXPECT_EQ(reason_of(present(assertion_by_billing(),
                              {{"client_id", "billing"}, {"client_secret", "wrong"}})),
            Reason::client_secret_wrong);
  EXPECT_EQ(reason_of(present(assertion_by_billing(), {}, "Basic YTpi")), Reason::client_unknown);
  EXPECT_EQ(reason_of(present(assertion_by_billing(), {}, "Bearer abc")),
            Reason::authorization_malformed);
  EXPECT_TRUE(store_is_untouched());
}

TEST_F(JwtBearer, RefusesGoodCredentialsOfAnotherClient) {
  const std::string text = assertion_with(claims_with("iss", "payroll"));
  EXPECT_EQ(reason_of(present(text, {{"client_id", "billing"}, {"client_secret", "right"}})),
            Reason::client_mismatch);
}

TEST_F(JwtBearer, TakesAClientAssertionBesideTheAssertionOnce) {
  const std::string proof = assertion_with(claims_with("aud", kIssuer));
  const Sent credentials{{"client_assertion_type", kAssertionType}, {"client_assertion", proof}};
  EXPECT_TRUE(present(assertion_by_billing(), credentials));
  const auto again = present(assertion_with(claims_with("jti", "jti-2")), credentials);
  EXPECT_EQ(reason_of(again), Reason::client_assertion_refused);
  EXPECT_EQ(detail_of(again), "assertion_replayed");
}

TEST_F(JwtBearer, RefusesAGrantsAssertionAsAClientAssertion) {
  const std::string text = assertion_by_billing();
  EXPECT_EQ(reason_of(present(
                text, {{"client_assertion_type", kAssertionType}, {"client_assertion", text}})),
            Reason::client_assertion_refused);
}

// The trace: what the audit log will want to know.

TEST_F(JwtBearer, TracesWhatItGranted) {
  const std::string text = assertion_by_billing();
  const auto token = present(text);
  ASSERT_TRUE(token);
  EXPECT_EQ(trace_.client_id, "billing");
  EXPECT_EQ(trace_.application_name, "Billing");
  EXPECT_EQ(trace_.subject, "billing");
  EXPECT_EQ(trace_.issuer, "billing");
  EXPECT_EQ(trace_.key_id, "ec-1");
  EXPECT_EQ(trace_.assertion, crypto::sha256(text));
  EXPECT_EQ(trace_.token, crypto::sha256(token->access_token.reveal()));
  EXPECT_EQ(trace_.scope, "invoices.read");
}

TEST_F(JwtBearer, TracesOfAnUnprovenSenderOnlyWhatItClaims) {
  application_.keys = {registered(testing::key_of(jose::KeyType::ec_p256))};
  EXPECT_EQ(reason_of(present(assertion_by_billing())), Reason::signature_invalid);
  EXPECT_EQ(trace_.client_id, "");
  EXPECT_EQ(trace_.subject, "");
  EXPECT_EQ(trace_.issuer, "billing");
  EXPECT_EQ(trace_.key_id, "ec-1");
  ASSERT_TRUE(trace_.header && trace_.claims);
  EXPECT_EQ(trace_.claims->id, "jti-1");
  EXPECT_EQ(trace_.scope, "");
}

TEST_F(JwtBearer, TracesTheDigestOfWhatItCannotRead) {
  EXPECT_EQ(reason_of(present("nonsense")), Reason::assertion_malformed);
  EXPECT_EQ(trace_.assertion, crypto::sha256("nonsense"));
  EXPECT_FALSE(trace_.header);
}

TEST_F(JwtBearer, TracesTheProvenSenderOfAReplay) {
  ASSERT_TRUE(present(assertion_by_billing()));
  EXPECT_EQ(reason_of(present(assertion_by_billing())), Reason::assertion_replayed);
  EXPECT_EQ(trace_.client_id, "billing");
  EXPECT_EQ(trace_.scope, "");
}

TEST_F(JwtBearer, AnswersNoTokenWhenTheStoreDoesNotAnswer) {
  testing::UnavailableTokenStore unavailable;
  store_ = &unavailable;
  EXPECT_THROW(present(assertion_by_billing()), Unavailable);
  EXPECT_EQ(trace_.client_id, "billing");
  EXPECT_EQ(trace_.scope, "");
}

TEST_F(JwtBearer, RefusesOnItsMeritsEvenWhenTheStoreDoesNotAnswer) {
  testing::UnavailableTokenStore unavailable;
  store_ = &unavailable;
  EXPECT_EQ(reason_of(present(assertion_with(claims_with("aud", "elsewhere")))),
            Reason::audience_mismatch);
}

} // namespace
} // namespace assay::oauth
