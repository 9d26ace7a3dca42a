#include "oauth/bearer_token.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(BearerToken, IsReadFromTheHeader) {
  for (const char* value :
       {"Bearer abc-._~+/09==", "bearer abc-._~+/09==", "BEARER   abc-._~+/09=="}) {
    const auto token = read_bearer_token(value);
    ASSERT_TRUE(token) << value;
    EXPECT_EQ(token->reveal(), "abc-._~+/09==");
  }
}

// RFC 6750 section 3.1: an unsupported scheme is as good as none.
TEST(BearerToken, IsMissingWithoutTheScheme) {
  EXPECT_EQ(reason_of(read_bearer_token(std::nullopt)), Reason::token_missing);
  for (const char* value : {"", "Basic abc", "Bearerabc", "DPoP abc", "abc"})
    EXPECT_EQ(reason_of(read_bearer_token(value)), Reason::token_missing) << value;
}

TEST(BearerToken, IsMalformedWithAnyOtherCharacter) {
  for (const char* value : {"Bearer", "Bearer ", "Bearer =", "Bearer a b", "Bearer a,b",
                            "Bearer \"a\"", "Bearer a=b", "Bearer a\tb", "Bearer caf\xC3\xA9"})
    EXPECT_EQ(reason_of(read_bearer_token(value)), Reason::token_malformed) << value;
}

} // namespace
} // namespace assay::oauth
