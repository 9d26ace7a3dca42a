#include "crypto/certificate_trust.h"

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "support/keys.h"

namespace assay::crypto {
namespace {

using testing::CertificateTraits;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};

class Trust : public ::testing::Test {
protected:
  static CertificateTraits authority(const std::string& name) {
    return {.common_name = name,
            .key_usage = "keyCertSign,digitalSignature",
            .basic_constraints = "critical,CA:TRUE"};
  }
  static std::string client(CertificateTraits traits = {}) {
    traits.issuer_key = traits.issuer_key ? traits.issuer_key : &testing::rsa_key();
    if (traits.issuer_name.empty()) traits.issuer_name = "CA";
    return testing::der_of(testing::certificate_for(testing::ec_key(), traits));
  }

  const std::string root_ = testing::certificate_for(testing::rsa_key(), authority("CA"));
  const CertificateTrust trust_ = *CertificateTrust::of_pem(root_);
};

TEST_F(Trust, IsInWhatItsCaIssued) {
  EXPECT_TRUE(trust_.trusts(client(), {}, kNow));
  EXPECT_FALSE(
      trust_.trusts(testing::der_of(testing::certificate_for(testing::ec_key())), {}, kNow));
}

// The CA's name alone is no proof.
TEST_F(Trust, IsNotInWhatAnotherKeySigned) {
  EXPECT_FALSE(trust_.trusts(client({.issuer_key = &testing::other_rsa_key()}), {}, kNow));
}

TEST_F(Trust, IsNotInACertificateOutsideOfItsTime) {
  EXPECT_FALSE(trust_.trusts(client(), {},
                             TimePoint(std::chrono::sys_days{std::chrono::February / 1 / 2036})));
  EXPECT_FALSE(trust_.trusts(client(), {},
                             TimePoint(std::chrono::sys_days{std::chrono::December / 1 / 2025})));
}

// RFC 5280 section 4.2.1.12.
TEST_F(Trust, IsNotInACertificateForServersAlone) {
  EXPECT_FALSE(trust_.trusts(client({.extended_key_usage = "serverAuth"}), {}, kNow));
  EXPECT_TRUE(trust_.trusts(client({.extended_key_usage = "clientAuth"}), {}, kNow));
}

// Whoever holds a client's certificate is no CA.
TEST_F(Trust, IsNotInWhatAClientIssued) {
  EXPECT_FALSE(trust_.trusts(client({.issuer_key = &testing::ec_key(), .issuer_name = "billing"}),
                             {}, kNow));
}

TEST_F(Trust, IsNotInWhatIsNoCertificate) {
  EXPECT_FALSE(trust_.trusts("", {}, kNow));
  EXPECT_FALSE(trust_.trusts("der", {}, kNow));
}

TEST_F(Trust, ComesFromCertificatesAlone) {
  EXPECT_TRUE(CertificateTrust::of_pem(root_ + root_));
  EXPECT_FALSE(CertificateTrust::of_pem(""));
  EXPECT_FALSE(CertificateTrust::of_pem("text"));
  EXPECT_FALSE(CertificateTrust::of_pem(root_ + "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                                "-----END CERTIFICATE-----\n"));
}

} // namespace
} // namespace assay::crypto
