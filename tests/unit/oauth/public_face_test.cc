#include "oauth/public_face.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace assay::oauth {
namespace {

std::vector<Reason> all_reasons() {
  std::vector<Reason> reasons;
  for (std::size_t each = 0; each < kReasonCount; ++each)
    reasons.push_back(static_cast<Reason>(each));
  return reasons;
}

bool looks_like(Reason left, Reason right) {
  const PublicFace a = public_face(left);
  const PublicFace b = public_face(right);
  return a.status == b.status && a.error == b.error && a.description == b.description;
}

// RFC 7009 section 2.2.1.
TEST(PublicFace, SaysThatAnUnstoredTokenCannotBeRevokedByItself) {
  EXPECT_EQ(public_face(Reason::token_unstored).error, "unsupported_token_type");
}

TEST(PublicFace, HasAStandardErrorForEveryReason) {
  const std::set<std::string_view> standard{"invalid_request",
                                            "invalid_client",
                                            "invalid_grant",
                                            "unauthorized_client",
                                            "unsupported_grant_type",
                                            "invalid_scope",
                                            "invalid_token",
                                            "insufficient_scope",
                                            "invalid_target",
                                            "invalid_dpop_proof",
                                            "use_dpop_nonce",
                                            "unsupported_token_type",
                                            "invalid_client_metadata",
                                            "invalid_redirect_uri",
                                            "invalid_software_statement",
                                            "unapproved_software_statement"};
  for (const Reason reason : all_reasons())
    EXPECT_TRUE(standard.contains(public_face(reason).error)) << name(reason);
}

unsigned usual_status(std::string_view error) {
  if (error == "invalid_client") return 401;
  return error == "insufficient_scope" ? 403 : 400;
}

// RFC 6749 section 5.2: invalid_client may be 401, everything else is 400. RFC 6750 section 3.1:
// insufficient_scope is 403.
TEST(PublicFace, HasTheStatusThatBelongsToTheError) {
  for (const Reason reason : all_reasons()) {
    const PublicFace face = public_face(reason);
    if (reason == Reason::body_too_large)
      EXPECT_EQ(face.status, 413U);
    else if (reason == Reason::client_throttled)
      EXPECT_EQ(face.status, 429U);
    else if (gate(reason) == "registration" && face.error == "invalid_token")
      EXPECT_EQ(face.status, 401U); // RFC 7592 section 2: it is the endpoint's own token
    else
      EXPECT_EQ(face.status, usual_status(face.error)) << name(reason);
  }
}

// RFC 6749 section 5.2: %x20-21 / %x23-5B / %x5D-7E.
TEST(PublicFace, SpeaksInTheCharactersThatTheStandardAllows) {
  for (const Reason reason : all_reasons()) {
    const std::string_view text = public_face(reason).description;
    EXPECT_FALSE(text.empty()) << name(reason);
    EXPECT_TRUE(std::ranges::all_of(text, [](char character) {
      return character >= ' ' && character <= '~' && character != '"' && character != '\\';
    })) << name(reason);
  }
}

// Or the token endpoint would tell strangers which applications exist, and with which keys.
TEST(PublicFace, LooksTheSameForAllThatIsWrongBeforeTheProof) {
  for (const Reason reason : {Reason::application_disabled, Reason::key_unknown,
                              Reason::key_disabled, Reason::key_expired, Reason::key_unsuitable,
                              Reason::algorithm_not_allowed, Reason::signature_invalid})
    EXPECT_TRUE(looks_like(Reason::issuer_unknown, reason)) << name(reason);
}

TEST(PublicFace, LooksTheSameForAllThatIsWrongWithCredentials) {
  for (const Reason reason :
       {Reason::client_disabled, Reason::client_secret_wrong, Reason::client_secret_expired,
        Reason::client_assertion_refused, Reason::client_mismatch})
    EXPECT_TRUE(looks_like(Reason::client_unknown, reason)) << name(reason);
}

// To whom it was issued, and what became of it, is nobody else's business.
TEST(PublicFace, LooksTheSameForAllThatIsWrongWithARefreshToken) {
  for (const Reason reason : {Reason::refresh_token_foreign, Reason::refresh_token_reused})
    EXPECT_TRUE(looks_like(Reason::refresh_token_unknown, reason)) << name(reason);
}

// RFC 6750 section 3.1.
TEST(BearerFace, HasA401ForATokenThatDoesNotCount) {
  for (const Reason reason :
       {Reason::token_missing, Reason::token_unknown, Reason::token_rotated, Reason::token_revoked,
        Reason::token_owner_gone, Reason::token_subject_gone, Reason::token_audience_mismatch}) {
    EXPECT_EQ(bearer_face(reason).status, 401U) << name(reason);
    EXPECT_EQ(bearer_face(reason).error, "invalid_token") << name(reason);
  }
  EXPECT_EQ(bearer_face(Reason::scope_insufficient).status, 403U);
  EXPECT_EQ(bearer_face(Reason::token_malformed).status, 400U);
  EXPECT_EQ(bearer_face(Reason::scope_malformed).error, "invalid_request");
}

// RFC 7523 section 3.1: anything wrong with the assertion is an invalid_grant.
TEST(PublicFace, CallsEveryFaultOfAnAssertionAnInvalidGrant) {
  for (auto reason = Reason::assertion_too_large; reason != Reason::grant_not_allowed;
       reason = static_cast<Reason>(static_cast<std::size_t>(reason) + 1))
    EXPECT_EQ(public_face(reason).error, "invalid_grant") << name(reason);
  EXPECT_EQ(public_face(Reason::assertion_replayed).error, "invalid_grant");
}

TEST(PublicFace, CallsTheOthersByTheNamesOfTheirSections) {
  EXPECT_EQ(public_face(Reason::grant_not_allowed).error, "unauthorized_client");
  EXPECT_EQ(public_face(Reason::grant_type_unsupported).error, "unsupported_grant_type");
  EXPECT_EQ(public_face(Reason::client_authentication_repeated).error, "invalid_request");
  for (const Reason reason :
       {Reason::scope_malformed, Reason::scope_exceeds_assertion, Reason::scope_not_allowed})
    EXPECT_EQ(public_face(reason).error, "invalid_scope") << name(reason);
  for (const Reason reason : {Reason::resource_malformed, Reason::resource_not_allowed})
    EXPECT_EQ(public_face(reason).error, "invalid_target") << name(reason);
}

} // namespace
} // namespace assay::oauth
