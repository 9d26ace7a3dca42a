#include "oauth/confirmation.h"

#include <gtest/gtest.h>

namespace assay::oauth {
namespace {

// RFC 9449 section 6.1, RFC 8705 section 3.1.
TEST(Confirmation, NamesWhatTheTokenIsBoundTo) {
  const auto key = crypto::sha256("key");
  const auto certificate = crypto::sha256("certificate");
  EXPECT_EQ(to_members({key, {}}), (json::object{{"jkt", key.base64url()}}));
  EXPECT_EQ(to_members({{}, certificate}), (json::object{{"x5t#S256", certificate.base64url()}}));
  EXPECT_EQ(to_members({key, certificate}).size(), 2U);
}

TEST(Confirmation, IsEmptyOnlyWithoutBoth) {
  EXPECT_TRUE(Confirmation{}.empty());
  EXPECT_FALSE((Confirmation{crypto::sha256("key"), {}}.empty()));
  EXPECT_FALSE((Confirmation{{}, crypto::sha256("certificate")}.empty()));
}

} // namespace
} // namespace assay::oauth
