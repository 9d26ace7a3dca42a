#include "oauth/certificate_match.h"

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using registry::AuthMethod;
using registry::CertificateNameKind;
using testing::CertificateTraits;

class CertificateMatch : public ::testing::Test {
protected:
  Result<AuthMethod> match(const jose::PrivateKey& key, const CertificateTraits& traits = {}) {
    const crypto::PeerCertificate presented{testing::der_of(testing::certificate_for(key, traits)),
                                            is_trusted_};
    return match_certificate(presented, application_, keys_, kNow);
  }
  Result<AuthMethod> match_name(CertificateNameKind kind, const std::string& name) {
    application_.certificate_name = {kind, name};
    return match(testing::rsa_key(),
                 {.common_name = "billing",
                  .alternative_names = "DNS:billing.example,URI:spiffe://example/billing,"
                                       "IP:192.0.2.7,IP:2001:db8::7,email:ops@example.com"});
  }

  registry::Application application_ = billing();
  registry::KeyCache keys_{100};
  bool is_trusted_ = false;
};

// RFC 8705 section 2.2: whoever signed it.
TEST_F(CertificateMatch, KnowsAnApplicationByItsKey) {
  EXPECT_EQ(match(testing::ec_key()).value(), AuthMethod::self_signed_tls_client_auth);
  EXPECT_EQ(reason_of(match(testing::rsa_key())), Reason::client_certificate_unregistered);
}

TEST_F(CertificateMatch, TakesNoKeyThatIsDisabledOrOver) {
  application_.keys.front().enabled = false;
  EXPECT_EQ(reason_of(match(testing::ec_key())), Reason::client_certificate_unregistered);
  application_.keys.front().enabled = true;
  application_.keys.front().not_after = kNow;
  EXPECT_EQ(reason_of(match(testing::ec_key())), Reason::client_certificate_unregistered);
}

// The key was registered for as long as its certificate lasts, whatever else is made of it.
TEST_F(CertificateMatch, TakesNoKeyWhoseRegisteredCertificateIsOver) {
  const auto now = std::chrono::floor<std::chrono::seconds>(kNow);
  const auto registered = [&](std::chrono::seconds until) {
    return registered_text(testing::certificate_for(
        testing::ec_key(), {.not_before = now - std::chrono::hours(1), .not_after = now + until}));
  };
  application_.keys = {registered(std::chrono::seconds(-1))};
  EXPECT_EQ(reason_of(match(testing::ec_key())), Reason::client_certificate_unregistered);
  application_.keys = {registered(std::chrono::seconds(1))};
  EXPECT_TRUE(match(testing::ec_key()));
}

TEST_F(CertificateMatch, TakesNoCertificateOutsideOfItsTime) {
  CertificateTraits traits;
  traits.not_after = std::chrono::floor<std::chrono::seconds>(kNow) - std::chrono::seconds(1);
  EXPECT_EQ(reason_of(match(testing::ec_key(), traits)), Reason::client_certificate_untrusted);
  traits = {};
  traits.not_before = std::chrono::floor<std::chrono::seconds>(kNow) + std::chrono::seconds(1);
  EXPECT_EQ(reason_of(match(testing::ec_key(), traits)), Reason::client_certificate_untrusted);
}

// RFC 8705 section 2.1: anybody can write any name into a certificate of his own.
TEST_F(CertificateMatch, KnowsAnApplicationByANameOnlyInATrustedCertificate) {
  EXPECT_EQ(reason_of(match_name(CertificateNameKind::san_dns, "billing.example")),
            Reason::client_certificate_untrusted);
  is_trusted_ = true;
  EXPECT_EQ(match_name(CertificateNameKind::san_dns, "billing.example").value(),
            AuthMethod::tls_client_auth);
}

// Otherwise a key that was registered for assertions would undo the demand for a CA.
TEST_F(CertificateMatch, KnowsByItsNameAloneWhoRegisteredOne) {
  application_.certificate_name = {CertificateNameKind::san_dns, "billing.example"};
  EXPECT_EQ(reason_of(match(testing::ec_key())), Reason::client_certificate_untrusted);
  is_trusted_ = true;
  EXPECT_EQ(reason_of(match(testing::ec_key())), Reason::client_certificate_unregistered);
}

TEST_F(CertificateMatch, ComparesEachKindOfName) {
  is_trusted_ = true;
  for (const auto& [kind, name] : {std::pair{CertificateNameKind::subject_dn, "CN=billing"},
                                   {CertificateNameKind::san_dns, "Billing.Example"},
                                   {CertificateNameKind::san_uri, "spiffe://example/billing"},
                                   {CertificateNameKind::san_ip, "192.0.2.7"},
                                   {CertificateNameKind::san_ip, "2001:0db8:0:0::7"},
                                   {CertificateNameKind::san_email, "ops@example.com"}})
    EXPECT_TRUE(match_name(kind, name)) << name;
  for (const auto& [kind, name] : {std::pair{CertificateNameKind::subject_dn, "CN=bill"},
                                   {CertificateNameKind::san_dns, "example"},
                                   {CertificateNameKind::san_dns, "billing"},
                                   {CertificateNameKind::san_uri, "billing.example"},
                                   {CertificateNameKind::san_ip, "192.0.2.8"},
                                   {CertificateNameKind::san_ip, "billing.example"},
                                   {CertificateNameKind::san_email, "OPS@example.com"}})
    EXPECT_EQ(reason_of(match_name(kind, name)), Reason::client_certificate_unregistered) << name;
}

// RFC 8705 section 2.1.2: names are compared, not their spellings.
TEST_F(CertificateMatch, ComparesSubjectsAsNames) {
  is_trusted_ = true;
  for (const char* name :
       {"cn=Billing", "2.5.4.3=billing", R"(CN=\62illing)", "CN=#0c0762696c6c696e67"})
    EXPECT_TRUE(match_name(CertificateNameKind::subject_dn, name)) << name;
  for (const char* name : {"CN=billing,O=Example", "OU=billing", "CN=bil ling", "", "no name"})
    EXPECT_EQ(reason_of(match_name(CertificateNameKind::subject_dn, name)),
              Reason::client_certificate_unregistered)
        << name;
}

TEST_F(CertificateMatch, RefusesWhatIsNoCertificate) {
  for (const char* der : {"", "der", "0\x03\x02\x01\x01"})
    EXPECT_EQ(reason_of(match_certificate({der, true}, application_, keys_, kNow)),
              Reason::client_certificate_malformed);
}

} // namespace
} // namespace assay::oauth
