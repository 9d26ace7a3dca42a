#include "oauth/token_possession.h"

#include <gtest/gtest.h>

#include "support/proofs.h"
#include "support/token_workshop.h"
#include "support/tokens.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

constexpr const char* kUrl = "https://api.example/invoices";

class Possession : public ::testing::Test {
protected:
  Result<void> check(TokenScheme scheme) {
    return workshop_.possession().check(record_, {scheme, Secret(text_)}, shown_, {"GET", kUrl, {}},
                                        kNow);
  }
  void bind_to(const jose::PrivateKey& key) {
    record_.confirmation.key = key.public_key().thumbprint();
  }
  void prove_by(const jose::PrivateKey& key, testing::ProofTraits traits = {}) {
    traits.method = "GET";
    traits.url = kUrl;
    if (!traits.more.contains("ath")) traits.more["ath"] = crypto::sha256(text_).base64url();
    shown_.proof = testing::proof_by(key, kNow, traits);
  }

  const std::string text_ = testing::token_text("token", kNow + std::chrono::hours(1));
  testing::TokenWorkshop workshop_;
  TokenRecord record_ = testing::record_of(text_, kNow + std::chrono::hours(1));
  PresentedKeys shown_;
};

TEST_F(Possession, AsksNothingOfABearerToken) { EXPECT_TRUE(check(TokenScheme::bearer)); }

// RFC 9449 section 7.2: as a bearer token it would be anybody's who found it.
TEST_F(Possession, RefusesABoundTokenThatIsSentAsABearerToken) {
  bind_to(testing::ec_key());
  prove_by(testing::ec_key());
  EXPECT_EQ(reason_of(check(TokenScheme::bearer)), Reason::token_scheme_mismatch);
}

TEST_F(Possession, RefusesABearerTokenThatIsSentAsABoundOne) {
  prove_by(testing::ec_key());
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::token_scheme_mismatch);
}

TEST_F(Possession, WantsAProofByTheKeyThatTheTokenIsBoundTo) {
  bind_to(testing::ec_key());
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::dpop_missing);
  prove_by(testing::ed25519_key());
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::dpop_key_mismatch);
  prove_by(testing::ec_key());
  EXPECT_TRUE(check(TokenScheme::dpop));
}

// RFC 9449 section 4.3: a proof that was made for one token, and stolen, opens no other.
TEST_F(Possession, WantsAProofForThisToken) {
  bind_to(testing::ec_key());
  prove_by(testing::ec_key(), {.more = {{"ath", crypto::sha256("another").base64url()}}});
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::dpop_token_mismatch);
}

TEST_F(Possession, TakesAProofOnce) {
  bind_to(testing::ec_key());
  prove_by(testing::ec_key());
  EXPECT_TRUE(check(TokenScheme::dpop));
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::dpop_replayed);
}

// A thief who tries a stolen proof with a key of its own must not use it up for its owner.
TEST_F(Possession, TakesNoProofOfAnotherKey) {
  bind_to(testing::ed25519_key());
  prove_by(testing::ec_key());
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::dpop_key_mismatch);
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::dpop_key_mismatch);
}

// RFC 8705 section 3.
TEST_F(Possession, WantsTheCertificateThatTheTokenIsBoundTo) {
  record_.confirmation.certificate = crypto::sha256("der");
  EXPECT_EQ(reason_of(check(TokenScheme::bearer)), Reason::token_certificate_mismatch);
  shown_.certificate = std::make_shared<const crypto::PeerCertificate>("other", true);
  EXPECT_EQ(reason_of(check(TokenScheme::bearer)), Reason::token_certificate_mismatch);
  shown_.certificate = std::make_shared<const crypto::PeerCertificate>("der", false);
  EXPECT_TRUE(check(TokenScheme::bearer));
}

TEST_F(Possession, WantsBothOfATokenThatIsBoundToBoth) {
  bind_to(testing::ec_key());
  record_.confirmation.certificate = crypto::sha256("der");
  prove_by(testing::ec_key());
  EXPECT_EQ(reason_of(check(TokenScheme::dpop)), Reason::token_certificate_mismatch);
  shown_.certificate = std::make_shared<const crypto::PeerCertificate>("der", false);
  EXPECT_TRUE(check(TokenScheme::dpop));
}

} // namespace
} // namespace assay::oauth
