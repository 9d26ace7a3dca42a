#include "jose/client_certificate.h"

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "support/keys.h"

namespace assay::jose {
namespace {

TEST(ClientCertificate, SaysWhoHoldsIt) {
  const std::string der = testing::der_of(testing::certificate_for(
      testing::ec_key(), {.common_name = "billing",
                          .alternative_names = "DNS:billing.example,URI:spiffe://example/billing,"
                                               "IP:192.0.2.7,IP:2001:db8:0:0::7,"
                                               "email:ops@example.com,RID:1.2.3"}));
  const auto certificate = parse_client_certificate(der);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->thumbprint, crypto::sha256(der));
  EXPECT_EQ(certificate->key_thumbprint, testing::ec_key().public_key().thumbprint());
  EXPECT_EQ(certificate->subject, "CN=billing");
  EXPECT_EQ(certificate->dns_names, std::vector<std::string>{"billing.example"});
  EXPECT_EQ(certificate->uris, std::vector<std::string>{"spiffe://example/billing"});
  EXPECT_EQ(certificate->ip_addresses, (std::vector<std::string>{"192.0.2.7", "2001:db8::7"}));
  EXPECT_EQ(certificate->emails, std::vector<std::string>{"ops@example.com"});
}

TEST(ClientCertificate, MayHaveNoOtherNames) {
  const auto certificate =
      parse_client_certificate(testing::der_of(testing::certificate_for(testing::rsa_key())));
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(certificate->dns_names.empty() && certificate->uris.empty());
}

TEST(ClientCertificate, IsOneAndNothingElse) {
  const std::string der = testing::der_of(testing::certificate_for(testing::ec_key()));
  EXPECT_FALSE(parse_client_certificate(""));
  EXPECT_FALSE(parse_client_certificate(der + "x"));
  EXPECT_FALSE(parse_client_certificate(der + der));
  EXPECT_FALSE(parse_client_certificate(der.substr(0, der.size() - 1)));
  EXPECT_FALSE(parse_client_certificate(std::string(kCertificateBytesMax + 1, '0')));
}

TEST(ClientCertificate, HasOneEncoding) {
  const std::string der = testing::der_of(testing::certificate_for(testing::ec_key()));
  ASSERT_TRUE(der.starts_with("\x30\x82"));
  // Its length in three bytes, where two are enough.
  const std::string ber = std::string("\x30\x83\0", 3) + der.substr(2);
  EXPECT_TRUE(parse_client_certificate(der));
  EXPECT_FALSE(parse_client_certificate(ber));
}

TEST(IpAddress, HasOneSpelling) {
  EXPECT_EQ(canonical_ip_address("2001:0DB8::0:7"), "2001:db8::7");
  EXPECT_EQ(canonical_ip_address("192.0.2.7"), "192.0.2.7");
  for (const char* none : {"", "192.0.2", "192.0.2.7/32", "example.com"})
    EXPECT_FALSE(canonical_ip_address(none)) << none;
}

} // namespace
} // namespace assay::jose
