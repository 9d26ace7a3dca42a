#include "oauth/jwt_access_token.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "crypto/random.h"
#include "support/tokens.h"

namespace assay::oauth {
namespace {

std::string token_with(std::string_view payload) {
  return "eyJhbGciOiJFUzI1NiJ9." + base64url_encode(payload) + ".c2lnbmF0dXJl";
}

TEST(JwtAccessToken, IsFoundByTheIdAtItsBeginning) {
  const TokenRecord record = testing::hour_token("token");
  const auto locator = TokenLocator::of(record.issued_at, record.expires_at);
  const std::string id = jwt_access_token_id(locator, crypto::secure_random);
  const std::string token = token_with(jwt_access_token_payload(record, id, {"http://a", {}}));
  EXPECT_EQ(jwt_access_token_id_in(token), id);
  EXPECT_EQ(token_key(token).locator, locator);
}

// Whatever comes from outside is looked up by its digest, and by the place that it claims.
TEST(JwtAccessToken, IsNoneOfOursByOtherLooks) {
  const std::string id(29, 'A');
  for (const std::string& token :
       {std::string(), std::string("."), std::string("a.b.c"), token_with("{}"),
        token_with(R"({"iss":"http://a","jti":")" + id + "\"}"), token_with(R"({"jti":"short"})"),
        std::string("x.") + std::string(100, '!'), std::string(100, 'A')})
    EXPECT_FALSE(jwt_access_token_id_in(token)) << token;
}

TEST(JwtAccessToken, LeavesOtherTokensWhereTheyWere) {
  const std::string opaque =
      testing::token_text("token", testing::kTokenTime + std::chrono::hours(1));
  EXPECT_EQ(token_key(opaque).locator, TokenLocator::in(opaque));
  EXPECT_TRUE(token_key(opaque).locator);
}

} // namespace
} // namespace assay::oauth
