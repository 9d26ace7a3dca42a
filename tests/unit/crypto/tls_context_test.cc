#include "crypto/tls_context.h"

#include <string>

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "crypto/memory_bio.h"
#include "crypto/openssl.h"
#include "support/certificates.h"
#include "support/keys.h"

namespace assay::crypto {
namespace {

using testing::certificate_for;
using testing::ec_key;
using testing::rsa_key;

std::string fault(const std::string& certificate, const std::string& key) {
  const auto context = TlsContext::of({.certificate_pem = certificate, .key_pem = key});
  return context ? "" : context.error();
}

std::string pem_of(const jose::PrivateKey& key) { return std::string(key.to_pem().reveal()); }

TEST(TlsContext, IsMadeOfACertificateAndItsKey) {
  EXPECT_EQ(fault(certificate_for(ec_key()), pem_of(ec_key())), "");
  EXPECT_EQ(fault(certificate_for(rsa_key()), pem_of(rsa_key())), "");
}

TEST(TlsContext, TakesTheChainBehindTheCertificate) {
  EXPECT_EQ(fault(certificate_for(ec_key()) + certificate_for(rsa_key()), pem_of(ec_key())), "");
}

TEST(TlsContext, RefusesWhatIsNoCertificate) {
  EXPECT_EQ(fault("", pem_of(ec_key())), "the certificate is not one in PEM");
  EXPECT_EQ(fault(pem_of(ec_key()), pem_of(ec_key())), "the certificate is not one in PEM");
}

TEST(TlsContext, RefusesAChainThatBreaksOff) {
  const std::string torn = certificate_for(rsa_key()).substr(0, 300) + "\n";
  EXPECT_EQ(fault(certificate_for(ec_key()) + torn, pem_of(ec_key())),
            "the certificate is followed by something else than certificates in PEM");
}

TEST(TlsContext, RefusesWhatIsNoKey) {
  EXPECT_EQ(fault(certificate_for(ec_key()), ""),
            "the key is not one in PEM without a pass phrase");
}

TEST(TlsContext, RefusesTheKeyOfAnother) {
  EXPECT_EQ(fault(certificate_for(ec_key()), pem_of(rsa_key())),
            "the key is not the certificate's");
  EXPECT_EQ(fault(certificate_for(rsa_key()), pem_of(testing::other_rsa_key())),
            "the key is not the certificate's");
}

TEST(TlsContext, RefusesAKeyThatIsTooShort) {
  const KeyHandle key(EVP_RSA_gen(1024));
  const CertificateHandle certificate(X509_new());
  X509_set_pubkey(certificate.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 1000);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const BioHandle certificate_pem = writing_bio();
  const BioHandle key_pem = writing_bio();
  PEM_write_bio_X509(certificate_pem.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  EXPECT_EQ(fault(written_text(*certificate_pem), written_text(*key_pem)),
            "the certificate's key or signature is too weak");
}

TEST(TlsContext, KnowsWhenItExpires) {
  constexpr std::chrono::sys_seconds kEnd{std::chrono::sys_days{std::chrono::May / 3 / 2031}};
  const auto context =
      TlsContext::of({.certificate_pem = certificate_for(ec_key(), {.not_after = kEnd}),
                      .key_pem = pem_of(ec_key())});
  ASSERT_TRUE(context);
  EXPECT_EQ(context->expires_at(), TimePoint{kEnd});
}

} // namespace
} // namespace assay::crypto
