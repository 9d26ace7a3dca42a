#include "server/certificate_files.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/certificates.h"
#include "support/keys.h"
#include "support/scratch_folder.h"

namespace assay::server {
namespace {

class CertificateFiles : public ::testing::Test {
protected:
  void write(const std::string& file, std::string_view text) {
    std::ofstream(folder_.path() / file) << text;
  }

  std::string fault(const TlsSettings& settings) {
    try {
      read_tls(folder_.path(), settings);
      return "";
    } catch (const Unavailable& unavailable) {
      return unavailable.what();
    }
  }

  testing::ScratchFolder folder_;
};

TEST_F(CertificateFiles, AreNotReadWithoutTls) { EXPECT_EQ(read_tls(folder_.path(), {}), nullptr); }

TEST_F(CertificateFiles, AreReadAnewEachTime) {
  const TlsSettings settings{.certificate = "a.pem", .key = "a.key"};
  const auto write_with_end = [&](std::chrono::sys_days end) {
    write("a.pem", testing::certificate_for(testing::ec_key(), {.not_after = end}));
  };
  write("a.key", testing::ec_key().to_pem().reveal());
  write_with_end(std::chrono::May / 1 / 2031);
  EXPECT_EQ(rfc3339(read_tls(folder_.path(), settings)->expires_at()), "2031-05-01T00:00:00.000Z");
  write_with_end(std::chrono::May / 1 / 2032);
  EXPECT_EQ(rfc3339(read_tls(folder_.path(), settings)->expires_at()), "2032-05-01T00:00:00.000Z");
}

TEST_F(CertificateFiles, AreNamedWithTheirSettingWhenTheyAreNotThere) {
  EXPECT_EQ(fault({.certificate = "a.pem", .key = "a.key"}),
            "listen.tls.certificate: there is no a.pem");
  write("a.pem", testing::certificate_for(testing::ec_key()));
  EXPECT_EQ(fault({.certificate = "a.pem", .key = "a.key"}), "listen.tls.key: there is no a.key");
  write("a.key", testing::ec_key().to_pem().reveal());
  EXPECT_EQ(fault({.certificate = "a.pem", .key = "a.key", .client_ca = "ca.pem"}),
            "listen.tls.client_ca: there is no ca.pem");
}

TEST_F(CertificateFiles, AreNamedWhenTheyDoNotFit) {
  write("a.pem", testing::certificate_for(testing::ec_key()));
  write("a.key", testing::rsa_key().to_pem().reveal());
  EXPECT_EQ(fault({.certificate = "a.pem", .key = "a.key"}),
            "listen.tls: a.pem and a.key: the key is not the certificate's");
  write("ca.pem", "nothing");
  EXPECT_EQ(fault({.certificate = "a.pem", .key = "a.key", .client_ca = "ca.pem"}),
            "listen.tls.client_ca: ca.pem: expected certificates in PEM");
}

TEST_F(CertificateFiles, OfTheClientsCasAreTrustedOrThereIsNone) {
  EXPECT_EQ(read_client_trust(folder_.path(), "proxies.client_ca", ""), nullptr);
  const std::string pem = testing::certificate_for(testing::ec_key());
  write("ca.pem", pem);
  const auto trust = read_client_trust(folder_.path(), "proxies.client_ca", "ca.pem");
  ASSERT_NE(trust, nullptr);
  EXPECT_TRUE(trust->trusts(testing::der_of(pem), {},
                            TimePoint{std::chrono::sys_days{std::chrono::May / 1 / 2027}}));
}

} // namespace
} // namespace assay::server
