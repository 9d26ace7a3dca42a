#include "oauth/token_binding.h"

#include <gtest/gtest.h>

#include "support/proofs.h"
#include "support/token_workshop.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

class Binding : public ::testing::Test {
protected:
  Result<BoundKeys> decide() { return workshop_.binding().decide(shown_, application_, kNow); }
  void show_certificate() {
    shown_.certificate = std::make_shared<const crypto::PeerCertificate>("der", false);
  }
  void show_proof(const testing::ProofTraits& traits = {}) {
    shown_.proof = testing::proof_by(key_, kNow, traits);
  }

  const jose::PrivateKey& key_ = testing::ec_key();
  const crypto::Digest certificate_ = crypto::sha256("der");
  testing::TokenWorkshop workshop_;
  registry::Application application_ = billing();
  PresentedKeys shown_;
};

TEST_F(Binding, IsNoneUnlessItIsDemandedOrAProofIsShown) {
  EXPECT_TRUE(decide()->confirmation.empty());
  show_certificate();
  EXPECT_TRUE(decide()->confirmation.empty());
}

// RFC 9449 section 5.
TEST_F(Binding, IsToTheKeyOfAProof) {
  show_proof();
  EXPECT_EQ(decide()->confirmation, (Confirmation{key_.public_key().thumbprint(), {}}));
}

TEST_F(Binding, NeverIgnoresAProofThatIsBad) {
  show_proof({.url = "http://elsewhere/api/oauth/token"});
  EXPECT_EQ(reason_of(decide()), Reason::dpop_url_mismatch);
  show_proof({.method = "GET"});
  EXPECT_EQ(reason_of(decide()), Reason::dpop_method_mismatch);
}

// RFC 9449 section 5.2: the server must reject token requests without a proof.
TEST_F(Binding, WantsAProofWhereTheApplicationOrTheServiceDemandsIt) {
  application_.dpop_bound_access_tokens = true;
  show_certificate();
  EXPECT_EQ(reason_of(decide()), Reason::dpop_missing);
  application_.dpop_bound_access_tokens = false;
  workshop_.demand = BindingDemand::dpop;
  EXPECT_EQ(reason_of(decide()), Reason::dpop_missing);
  show_proof();
  EXPECT_TRUE(decide()->confirmation.key);
}

// RFC 8705 section 3.4.
TEST_F(Binding, WantsACertificateWhereTheApplicationOrTheServiceDemandsIt) {
  application_.tls_client_certificate_bound_access_tokens = true;
  show_proof();
  EXPECT_EQ(reason_of(decide()), Reason::binding_missing);
  application_.tls_client_certificate_bound_access_tokens = false;
  workshop_.demand = BindingDemand::tls;
  EXPECT_EQ(reason_of(decide()), Reason::binding_missing);
  shown_.proof.reset();
  show_certificate();
  EXPECT_EQ(decide()->confirmation, (Confirmation{{}, certificate_}));
}

TEST_F(Binding, TakesEitherWhereEitherIsDemanded) {
  workshop_.demand = BindingDemand::any;
  EXPECT_EQ(reason_of(decide()), Reason::binding_missing);
  show_certificate();
  EXPECT_EQ(decide()->confirmation, (Confirmation{{}, certificate_}));
  show_proof();
  EXPECT_EQ(decide()->confirmation, (Confirmation{key_.public_key().thumbprint(), {}}));
}

TEST_F(Binding, IsToBothWhereBothAreDemanded) {
  workshop_.demand = BindingDemand::dpop;
  application_.tls_client_certificate_bound_access_tokens = true;
  show_certificate();
  show_proof();
  EXPECT_EQ(decide()->confirmation, (Confirmation{key_.public_key().thumbprint(), certificate_}));
}

// RFC 9449 section 11.1.
TEST_F(Binding, TakesAProofOnce) {
  show_proof();
  const auto bound = decide();
  ASSERT_TRUE(bound);
  const TokenBinding binding = workshop_.binding();
  EXPECT_TRUE(binding.commit(*bound, kNow));
  EXPECT_EQ(reason_of(binding.commit(*bound, kNow)), Reason::dpop_replayed);
  show_proof({.id = "proof-2"});
  EXPECT_TRUE(binding.commit(*decide(), kNow));
}

// What is refused for another reason must not use the proof up.
TEST_F(Binding, LeavesNoTraceBeforeItIsCommitted) {
  show_proof();
  EXPECT_TRUE(decide());
  const auto again = decide();
  ASSERT_TRUE(again);
  EXPECT_TRUE(workshop_.binding().commit(*again, kNow));
}

TEST_F(Binding, HasNothingToCommitWithoutAProof) {
  const TokenBinding binding = workshop_.binding();
  EXPECT_TRUE(binding.commit(*decide(), kNow));
  EXPECT_TRUE(binding.commit(*decide(), kNow));
}

} // namespace
} // namespace assay::oauth
