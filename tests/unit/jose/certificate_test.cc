#include "jose/certificate.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "base/base64url.h"
#include "crypto/memory_bio.h"
#include "jose/plain_text.h"
#include "support/certificates.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

using testing::CertificateTraits;

KeyResult<CertificateFacts> facts_of(const CertificateTraits& traits) {
  const std::string pem = testing::certificate_for(testing::ec_key(), traits);
  const crypto::BioHandle bio = crypto::reading_bio(pem);
  const crypto::CertificateHandle certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  return certificate_facts(*certificate);
}

TEST(Certificate, SaysWhoseItIs) {
  const auto facts = facts_of({.common_name = "billing, Inc."});
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->subject, R"(CN=billing\, Inc.)");
  EXPECT_EQ(facts->issuer, facts->subject);
  EXPECT_EQ(facts->serial, "0102");
}

TEST(Certificate, SaysWhenItMayBeUsed) {
  using namespace std::chrono;
  const auto facts = facts_of(
      {.not_before = sys_days(January / 1 / 2000), .not_after = sys_days(June / 30 / 2050) + 12h});
  ASSERT_TRUE(facts);
  EXPECT_EQ(rfc3339(facts->not_before), "2000-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(facts->not_after), "2050-06-30T12:00:00.000Z"); // a GeneralizedTime
}

// RFC 5280 section 4.1.2.5: "has no well-defined expiration date".
TEST(Certificate, MayLastForever) {
  using namespace std::chrono;
  const auto facts = facts_of({.not_after = sys_days(December / 31 / 9999) + 23h + 59min + 59s});
  ASSERT_TRUE(facts);
  EXPECT_EQ(rfc3339(facts->not_after), "9999-12-31T23:59:59.000Z");
}

TEST(Certificate, HasTheDigestOfItsDerAsThumbprint) {
  const std::string pem = testing::certificate_for(testing::ec_key());
  std::string base64;
  for (std::size_t at = pem.find('\n') + 1; pem[at] != '-'; ++at)
    if (pem[at] != '\n') base64.push_back(pem[at]);
  const auto der = base64_decode(base64);
  ASSERT_TRUE(der);
  const crypto::BioHandle bio = crypto::reading_bio(pem);
  const crypto::CertificateHandle certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  EXPECT_EQ(certificate_facts(*certificate)->thumbprint, crypto::sha256(*der));
}

TEST(Certificate, KeepsNamesThatAreNotAscii) {
  EXPECT_EQ(facts_of({.common_name = "M\xC3\xBCller"})->subject, "CN=M\xC3\xBCller");
}

// Whoever lists the keys sees these names on a terminal.
TEST(Certificate, EscapesControlCharactersInNames) {
  for (const char* name : {"a\x1B[2J", "a\nb", "a\xC2\x9B[31m", "a\x7F"}) {
    const auto facts = facts_of({.common_name = name});
    ASSERT_TRUE(facts);
    EXPECT_FALSE(has_control_character(facts->subject)) << facts->subject;
  }
}

TEST(Certificate, MayBeForSignatures) {
  EXPECT_EQ(fault_of(facts_of({})), "");
  EXPECT_EQ(fault_of(facts_of({.key_usage = "digitalSignature"})), "");
  EXPECT_EQ(fault_of(facts_of({.key_usage = "nonRepudiation"})), "");
  EXPECT_EQ(fault_of(facts_of({.key_usage = "keyEncipherment,digitalSignature"})), "");
}

// As a JWK whose `use` is not "sig".
TEST(Certificate, IsRefusedIfItIsForSomethingElse) {
  for (const char* usage : {"keyEncipherment", "keyAgreement", "keyCertSign,cRLSign"})
    EXPECT_EQ(fault_of(facts_of({.key_usage = usage})),
              "the certificate's key usage must have digitalSignature: the key is for signatures");
}

} // namespace
} // namespace assay::jose
