#include "oauth/assertion_gates.h"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(AssertionGates, LetAGoodAssertionThrough) {
  EXPECT_EQ(Judge().reason(assertion_by_billing()), std::nullopt);
}

// What a log, a metric and `assay explain` call a gate must be one thing.
TEST(AssertionGates, BearTheNamesThatReasonsGive) {
  std::set<std::string_view> names{"request", "grant_type",   "client",  "token", "form",
                                   "scope",   "resource",     "replay",  "dpop",  "refresh_token",
                                   "binding", "registration", "metadata"};
  for (const Gate& gate : assertion_gates())
    EXPECT_TRUE(names.insert(gate.name).second) << gate.name;
  for (std::size_t each = 0; each < kReasonCount; ++each)
    EXPECT_TRUE(names.contains(gate(static_cast<Reason>(each)))) << name(static_cast<Reason>(each));
}

TEST(AssertionGates, RefuseForTheReasonsThatStandBehindTheirName) {
  const std::set<std::string_view> apart{"form",    "scope",        "resource", "replay",
                                         "binding", "registration", "metadata"};
  std::set<std::string_view> names;
  for (const Gate& gate : assertion_gates())
    names.insert(gate.name);
  for (auto each = static_cast<std::size_t>(Reason::assertion_too_large); each < kReasonCount;
       ++each) {
    const auto reason = static_cast<Reason>(each);
    EXPECT_TRUE(names.contains(gate(reason)) || apart.contains(gate(reason))) << name(reason);
  }
}

// Whoever forged it must not learn from the answer that its claims were fine; and before the proof,
// to say that the grant is not allowed would tell strangers which applications exist.
TEST(AssertionGates, StandInTheirOrder) {
  const auto place = [](std::string_view name) {
    const auto gates = assertion_gates();
    return std::ranges::find(gates, name, &Gate::name) - gates.begin();
  };
  for (const char* before : {"issuer", "application", "key", "algorithm"})
    EXPECT_LT(place(before), place("signature")) << before;
  for (const char* behind :
       {"type", "audience", "expiry", "life", "not_before", "issued_at", "subject", "jti", "grant"})
    EXPECT_GT(place(behind), place("signature")) << behind;
  EXPECT_EQ(place("grant"), std::ssize(assertion_gates()) - 1);
}

TEST(AssertionGates, FindNoUnknownIssuer) {
  EXPECT_EQ(Judge().reason(assertion_with(claims_with("iss", "stranger"))), Reason::issuer_unknown);
}

TEST(AssertionGates, RefuseADisabledApplication) {
  Judge judge;
  judge.sender.enabled = false;
  EXPECT_EQ(judge.reason(assertion_by_billing()), Reason::application_disabled);
}

TEST(AssertionGates, RefuseAnotherKeysSignature) {
  Judge judge;
  judge.sender.keys = {registered(testing::key_of(jose::KeyType::ec_p256))};
  EXPECT_EQ(judge.reason(assertion_by_billing()), Reason::signature_invalid);
}

TEST(AssertionGates, RefuseASignatureOverOtherClaims) {
  const std::string good = assertion_by_billing();
  const std::string other = assertion_with(claims_with("jti", "another"));
  const std::string forged = other.substr(0, other.rfind('.')) + good.substr(good.rfind('.'));
  EXPECT_EQ(Judge().reason(forged), Reason::signature_invalid);
}

// A key that comes with the assertion proves nothing (RFC 8725 section 3.10).
TEST(AssertionGates, TakeNoKeyFromTheHeader) {
  const auto& key = testing::other_rsa_key();
  const json::object header{{"jwk", *parse_strict_json(key.public_key().to_jwk())},
                            {"jku", "https://attacker.example/keys"},
                            {"x5u", "https://attacker.example/certificate"},
                            {"kid", "rsa-1"}};
  Judge judge;
  judge.sender.keys = {registered(testing::rsa_key())};
  EXPECT_EQ(judge.reason(testing::signed_jwt(key, claims_by_billing(), header)),
            Reason::signature_invalid);
}

TEST(AssertionGates, AcceptTheTypesOfAGrant) {
  for (const char* type : {"JWT", "jwt", "application/jwt", "authorization-grant+jwt",
                           "APPLICATION/Authorization-Grant+JWT"})
    EXPECT_EQ(Judge().reason(assertion_with(claims_by_billing(), {{"typ", type}})), std::nullopt)
        << type;
}

// An access token, a DPoP proof or a client assertion is a JWT signed by somebody too.
TEST(AssertionGates, RefuseTheTypesOfOtherUses) {
  for (const char* type : {"at+jwt", "dpop+jwt", "client-authentication+jwt", "application/at+jwt",
                           "application/", "oauth-id-jag+jwt", ""})
    EXPECT_EQ(Judge().reason(assertion_with(claims_by_billing(), {{"typ", type}})),
              Reason::type_unexpected)
        << type;
}

TEST(AssertionGates, FindOurAudienceAmongOthers) {
  for (const json::value& audience :
       {json::value(kAudience), json::value(json::array{kAudience}),
        json::value(json::array{"https://elsewhere.example", kAudience})})
    EXPECT_EQ(Judge().reason(assertion_with(claims_with("aud", audience))), std::nullopt)
        << json::serialize(audience);
}

TEST(AssertionGates, AcceptAnyOfSeveralAudiences) {
  Judge judge;
  judge.policy.audiences = {"urn:other", kAudience};
  EXPECT_EQ(judge.reason(assertion_by_billing()), std::nullopt);
}

// RFC 7523 section 3 wants a plain comparison of strings (RFC 3986 section 6.2.1).
TEST(AssertionGates, CompareAudiencesCharacterByCharacter) {
  for (const char* audience :
       {"http://apiserver/api/oauth/token/", "HTTP://apiserver/api/oauth/token",
        "http://apiserver/api/oauth/toke", "http://apiserver:80/api/oauth/token",
        "http://apiserver/api/oauth/token?", "http://apiserver", "https://elsewhere.example", ""})
    EXPECT_EQ(Judge().reason(assertion_with(claims_with("aud", audience))),
              Reason::audience_mismatch)
        << audience;
}

TEST(AssertionGates, WantAnAudience) {
  EXPECT_EQ(Judge().reason(assertion_with(claims_without("aud"))), Reason::audience_missing);
  EXPECT_EQ(Judge().reason(assertion_with(claims_with("aud", json::array()))),
            Reason::audience_missing);
}

TEST(AssertionGates, TakeTheApplicationItselfAsTheSubject) {
  EXPECT_EQ(Judge().reason(assertion_with(claims_without("sub"))), std::nullopt);
}

TEST(AssertionGates, WantASubjectWhereItIsRequired) {
  Judge judge;
  judge.policy.require_subject = true;
  EXPECT_EQ(judge.reason(assertion_with(claims_without("sub"))), Reason::subject_missing);
  EXPECT_EQ(judge.reason(assertion_by_billing()), std::nullopt);
}

TEST(AssertionGates, AcceptARegisteredSubjectAndNoOther) {
  Judge judge;
  judge.sender.subjects = {"alice", "bob"};
  EXPECT_EQ(judge.reason(assertion_with(claims_with("sub", "bob"))), std::nullopt);
  for (const char* subject : {"carol", "ali", "Bob", "alice bob"})
    EXPECT_EQ(judge.reason(assertion_with(claims_with("sub", subject))),
              Reason::subject_not_allowed)
        << subject;
}

TEST(AssertionGates, WantAJtiWhereServiceOrApplicationRequiresOne) {
  const std::string without = assertion_with(claims_without("jti"));
  EXPECT_EQ(Judge().reason(without), std::nullopt);
  Judge strict_service;
  strict_service.policy.require_jti = true;
  EXPECT_EQ(strict_service.reason(without), Reason::jti_missing);
  Judge strict_application;
  strict_application.sender.require_jti = true;
  EXPECT_EQ(strict_application.reason(without), Reason::jti_missing);
  EXPECT_EQ(strict_application.reason(assertion_by_billing()), std::nullopt);
}

TEST(AssertionGates, RefuseAnApplicationThatMayNotUseTheGrant) {
  Judge judge;
  judge.sender.grants = {registry::GrantType::client_credentials};
  EXPECT_EQ(judge.reason(assertion_by_billing()), Reason::grant_not_allowed);
}

TEST(AssertionGates, KeepThePersonsFindingShort) {
  Judge judge;
  judge.sender.subjects.assign(1000, std::string(500, 's'));
  const std::string detail =
      judge.detail(assertion_with(claims_with("sub", json::value(std::string(2000, 'x')))));
  EXPECT_LT(detail.size(), 700U);
}

// The rules of the two uses exclude each other (RFC 8725 section 3.12).
class ClientAssertionGates : public ::testing::Test {
protected:
  Judge judge_{.policy = client_policy()};
  json::object claims_ = claims_with("aud", kIssuer);
};

TEST_F(ClientAssertionGates, LetAClientAssertionThrough) {
  EXPECT_EQ(judge_.reason(assertion_with(claims_)), std::nullopt);
  EXPECT_EQ(judge_.reason(assertion_with(claims_, {{"typ", "client-authentication+jwt"}})),
            std::nullopt);
}

TEST_F(ClientAssertionGates, WantTheIssuerAsTheSoleAudience) {
  claims_["aud"] = json::array{kIssuer};
  EXPECT_EQ(judge_.reason(assertion_with(claims_)), std::nullopt);
  for (const json::value& audience :
       {json::value(kAudience), json::value(json::array{kIssuer, kAudience}),
        json::value(json::array{kIssuer, kIssuer}), json::value("http://apiserver/")}) {
    claims_["aud"] = audience;
    EXPECT_EQ(judge_.reason(assertion_with(claims_)), Reason::audience_mismatch)
        << json::serialize(audience);
  }
}

TEST_F(ClientAssertionGates, RefuseTheTypeOfAGrant) {
  EXPECT_EQ(judge_.reason(assertion_with(claims_, {{"typ", "authorization-grant+jwt"}})),
            Reason::type_unexpected);
}

// RFC 7523 section 3: for client authentication the subject is the client_id.
TEST_F(ClientAssertionGates, WantTheClientItselfAsTheSubject) {
  judge_.sender.subjects = {"alice"};
  claims_["sub"] = "alice";
  EXPECT_EQ(judge_.reason(assertion_with(claims_)), Reason::subject_not_allowed);
  claims_.erase("sub");
  EXPECT_EQ(judge_.reason(assertion_with(claims_)), Reason::subject_missing);
}

TEST_F(ClientAssertionGates, DoNotAskForTheGrant) {
  judge_.sender.grants = {};
  EXPECT_EQ(judge_.reason(assertion_with(claims_)), std::nullopt);
}

} // namespace
} // namespace assay::oauth
