#include "oauth/assertion.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(Assertion, IsReadButNotBelieved) {
  const auto assertion = parse_assertion(assertion_by_billing(), {});
  ASSERT_TRUE(assertion);
  EXPECT_EQ(assertion->issuer, "billing");
  EXPECT_EQ(assertion->claims.id, "jti-1");
  EXPECT_EQ(assertion->jws.header.algorithm, jose::Algorithm::es256);
}

TEST(Assertion, MustNameItsIssuer) {
  EXPECT_EQ(reason_of(parse_assertion(assertion_with(claims_without("iss")), {})),
            Reason::issuer_missing);
}

TEST(Assertion, IsRefusedForItsFormBeforeItsClaims) {
  const std::string text = assertion_with(claims_without("iss"));
  EXPECT_EQ(reason_of(parse_assertion(text + ".x", {})), Reason::assertion_malformed);
}

TEST(Assertion, IsRefusedForItsHeaderBeforeItsClaims) {
  const std::string text = assertion_with(claims_without("iss"), {{"crit", json::array{"b64"}}});
  EXPECT_EQ(reason_of(parse_assertion(text, {})), Reason::critical_header_unsupported);
}

TEST(Assertion, IsRefusedForAClaimOfTheWrongType) {
  EXPECT_EQ(reason_of(parse_assertion(assertion_with(claims_with("exp", "1800000120")), {})),
            Reason::claims_malformed);
}

TEST(Assertion, KeepsWithinTheLimitsThatAreSet) {
  const std::string text = assertion_by_billing();
  AssertionLimits limits;
  limits.jws.bytes = text.size();
  EXPECT_TRUE(parse_assertion(text, limits));
  limits.jws.bytes = text.size() - 1;
  EXPECT_EQ(reason_of(parse_assertion(text, limits)), Reason::assertion_too_large);

  limits = {};
  limits.claims.jti_bytes = 4;
  EXPECT_EQ(reason_of(parse_assertion(text, limits)), Reason::claims_malformed);
}

} // namespace
} // namespace assay::oauth
