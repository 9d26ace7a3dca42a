#include "oauth/quotation.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "crypto/random.h"
#include "registry/client_secret.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(Quotation, CutsLongText) {
  EXPECT_EQ(quote("short"), "short");
  EXPECT_EQ(quote(std::string(300, 'a')).size(), kQuoteBytesMax);
}

TEST(Quotation, CutsNoCharacterInTwo) {
  std::string text(kQuoteBytesMax - 1, 'a');
  text += "é and more";
  EXPECT_TRUE(is_utf8(quote(text)));
}

TEST(Quotation, ShowsWhatPeopleWrite) {
  for (const char* text : {"urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials",
                           "URN:IETF:PARAMS:OAUTH:GRANT-TYPE:JWT-BEARER", "billing",
                           "d3b07384-d9a0-4c9b-8f3e-1a2b3c4d5e6f",
                           "9f86d081884c7d659a2feaa0c55ad015", "service@project.example"})
    EXPECT_EQ(quote_unless_secret(text), text);
}

TEST(Quotation, OnlyMeasuresAClientSecret) {
  for (int each = 0; each < 100; ++each) {
    const auto secret = registry::make_client_secret(crypto::secure_random);
    EXPECT_EQ(quote_unless_secret(secret.text.reveal()), "(43 bytes)");
  }
}

TEST(Quotation, OnlyMeasuresAnAssertion) {
  const std::string text = assertion_by_billing();
  EXPECT_EQ(quote_unless_secret(text), "(" + std::to_string(text.size()) + " bytes)");
}

TEST(Quotation, FindsASecretBehindOtherText) {
  EXPECT_EQ(quote_unless_secret("token: aB3aB3aB3aB3aB3aB3aB"), "(27 bytes)");
}

} // namespace
} // namespace assay::oauth
