#include "endpoints/key_reader.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/certificates.h"
#include "support/keys.h"
#include "unit/oauth/billing.h"

namespace assay::endpoints {
namespace {

using oauth::reason_of;

constexpr std::string_view kProxy = "192.0.2.1";

class ReadingKeys : public ::testing::Test {
protected:
  Result<oauth::PresentedKeys> read() { return reader_.read(request_, oauth::kNow); }
  void pass_on(std::string certificate) {
    request_.peer_address = kProxy;
    request_.fields.push_back({"Client-Cert", std::move(certificate)});
  }

  const std::string base64_certificate_ =
      testing::base64_of(testing::certificate_for(testing::ec_key()));

  KeyReader reader_{
      {[](std::string_view address) { return address == kProxy; }, "Client-Cert", nullptr}};
  http::Request request_;
};

TEST_F(ReadingKeys, FindsNoneInAnOrdinaryRequest) {
  const auto keys = read();
  ASSERT_TRUE(keys);
  EXPECT_FALSE(keys->proof);
  EXPECT_FALSE(keys->certificate);
}

TEST_F(ReadingKeys, TakesTheProof) {
  request_.fields.push_back({"dpop", "a.b.c"});
  EXPECT_EQ(read()->proof, "a.b.c");
}

// RFC 9449 section 4.3.
TEST_F(ReadingKeys, RefusesTwoProofs) {
  request_.fields = {{"DPoP", "a.b.c"}, {"DPoP", "a.b.c"}};
  EXPECT_EQ(reason_of(read()), Reason::dpop_repeated);
}

TEST_F(ReadingKeys, TakesTheCertificateOfTheConnection) {
  request_.client_certificate = std::make_shared<const crypto::PeerCertificate>("der", true);
  EXPECT_EQ(read()->certificate, request_.client_certificate);
}

// Otherwise anybody could be whoever it wants.
TEST_F(ReadingKeys, IgnoresTheHeaderOfWhoIsNoProxy) {
  pass_on(base64_certificate_);
  request_.peer_address = "192.0.2.2";
  EXPECT_FALSE(read()->certificate);
}

TEST_F(ReadingKeys, TakesTheCertificateThatAProxyPassesOn) {
  pass_on(":" + base64_certificate_ + ":");
  const auto keys = read();
  ASSERT_TRUE(keys && keys->certificate);
  EXPECT_EQ(keys->certificate->der, *base64_decode(base64_certificate_));
  EXPECT_FALSE(keys->certificate->is_trusted);
}

// The connection is the proxy's own, and so is the certificate that it shows.
TEST_F(ReadingKeys, NeverTakesTheProxysOwnCertificateForTheClients) {
  request_.peer_address = kProxy;
  request_.client_certificate = std::make_shared<const crypto::PeerCertificate>("der", true);
  EXPECT_FALSE(read()->certificate);
}

// nginx sends an empty header where there is no certificate.
TEST_F(ReadingKeys, TakesAnEmptyHeaderForNone) {
  pass_on("");
  EXPECT_FALSE(read()->certificate);
}

TEST_F(ReadingKeys, RefusesWhatAProxyPassesOnTwiceOrBroken) {
  pass_on(base64_certificate_);
  pass_on(base64_certificate_);
  EXPECT_EQ(reason_of(read()), Reason::client_certificate_malformed);
  request_.fields.clear();
  pass_on("no certificate");
  EXPECT_EQ(reason_of(read()), Reason::client_certificate_malformed);
}

} // namespace
} // namespace assay::endpoints
