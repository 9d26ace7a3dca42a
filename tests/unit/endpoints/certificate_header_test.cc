#include "endpoints/certificate_header.h"

#include <gtest/gtest.h>

#include "base/form_text.h"
#include "support/certificates.h"
#include "support/keys.h"
#include "unit/oauth/billing.h"

namespace assay::endpoints {
namespace {

using oauth::reason_of;

class CertificateHeader : public ::testing::Test {
protected:
  // Percent-escapes throughout, as nginx has them.
  static std::string escaped(const std::string& text) {
    std::string all;
    for (const char character : text)
      all += character == ' ' ? "%20" : form_encode(std::string(1, character));
    return all;
  }

  const std::string pem_ = testing::certificate_for(testing::ec_key());
  const std::string base64_ = testing::base64_of(pem_);
  const std::string der_ = testing::der_of(pem_);
};

TEST_F(CertificateHeader, ComesInThreeForms) {
  EXPECT_EQ(read_certificate_header(":" + base64_ + ":"), der_);
  EXPECT_EQ(read_certificate_header(base64_), der_);
  EXPECT_EQ(read_certificate_header(escaped(pem_)), der_);
}

TEST_F(CertificateHeader, IsRefusedInAnyOther) {
  for (const std::string& value :
       {std::string(), std::string(":"), std::string("::"), ":" + base64_, base64_ + "=",
        base64_ + " " + base64_, pem_, escaped(pem_ + pem_), escaped(pem_ + "more"),
        escaped(pem_).substr(0, 200), std::string("-----BEGIN"), std::string("%%%")})
    EXPECT_EQ(reason_of(read_certificate_header(value)), Reason::client_certificate_malformed)
        << value.substr(0, 40);
}

} // namespace
} // namespace assay::endpoints
