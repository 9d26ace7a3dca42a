#include "oauth/assertion_verifier.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

TEST(AssertionVerifier, VouchesForTheSender) {
  Judge judge;
  judge.sender.subjects = {"alice"};
  const auto verified = judge.verify(assertion_with(claims_with("sub", "alice")));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->sender().application().id, "billing");
  EXPECT_EQ(verified->sender().subject(), "alice");
  EXPECT_EQ(verified->key_id(), "ec-1");
  EXPECT_EQ(verified->claims().id, "jti-1");
  EXPECT_EQ(verified->acceptable_until(), kNow + 150s);
}

TEST(AssertionVerifier, TakesTheApplicationAsTheSubjectIfThereIsNone) {
  const auto verified = Judge().verify(assertion_with(claims_without("sub")));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->sender().subject(), "billing");
}

TEST(AssertionVerifier, NamesANamelessKeyByItsThumbprint) {
  Judge judge;
  const auto& key = testing::key_of(jose::KeyType::ec_p256);
  judge.sender.keys = {registered(key)};
  const auto verified = judge.verify(testing::signed_jwt(key, claims_by_billing()));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->key_id(), key.public_key().thumbprint().base64url());
}

// A forged assertion must not learn from the answer that its other claims were wrong or fine.
TEST(AssertionVerifier, ReportsABadSignatureBeforeEveryClaim) {
  Judge judge;
  judge.sender.keys = {registered(testing::key_of(jose::KeyType::ec_p256))};
  judge.sender.grants = {};
  for (const char* claim : {"aud", "exp", "sub", "jti"})
    EXPECT_EQ(judge.reason(assertion_with(claims_without(claim))), Reason::signature_invalid)
        << claim;
  EXPECT_EQ(judge.reason(assertion_with(claims_by_billing(), {{"typ", "at+jwt"}})),
            Reason::signature_invalid);
}

TEST(AssertionVerifier, ReportsADisabledApplicationBeforeItsKeys) {
  Judge judge;
  judge.sender.enabled = false;
  judge.sender.keys = {};
  EXPECT_EQ(judge.reason(assertion_by_billing()), Reason::application_disabled);
}

TEST(AssertionVerifier, ReportsTheGrantLast) {
  Judge judge;
  judge.sender.grants = {};
  EXPECT_EQ(judge.reason(assertion_with(claims_with("aud", "elsewhere"))),
            Reason::audience_mismatch);
  EXPECT_EQ(judge.reason(assertion_by_billing()), Reason::grant_not_allowed);
}

TEST(AssertionVerifier, SaysWhatItExpectedAndWhatItFound) {
  const std::string detail = Judge().detail(assertion_with(claims_with("aud", "elsewhere")));
  EXPECT_EQ(detail, "expected aud contains http://apiserver/api/oauth/token; found elsewhere");
}

TEST(AssertionVerifier, NeverQuotesTheSignature) {
  const std::string good = assertion_by_billing();
  Judge judge;
  judge.sender.keys = {registered(testing::key_of(jose::KeyType::ec_p256))};
  const std::string detail = judge.detail(good);
  EXPECT_FALSE(detail.contains(good.substr(good.rfind('.') + 1, 16))) << detail;
}

} // namespace
} // namespace assay::oauth
