#include "oauth/presented_token.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(PresentedToken, IsReadFromTheHeader) {
  for (const char* value :
       {"Bearer abc-._~+/09==", "bearer abc-._~+/09==", "BEARER   abc-._~+/09=="}) {
    const auto token = read_presented_token(value);
    ASSERT_TRUE(token) << value;
    EXPECT_EQ(token->text.reveal(), "abc-._~+/09==");
    EXPECT_EQ(token->scheme, TokenScheme::bearer);
  }
}

// RFC 9449 section 7.1.
TEST(PresentedToken, SaysThatAProofGoesWithIt) {
  for (const char* value : {"DPoP abc", "dpop abc"}) {
    const auto token = read_presented_token(value);
    ASSERT_TRUE(token) << value;
    EXPECT_EQ(token->scheme, TokenScheme::dpop);
  }
}

// RFC 6750 section 3.1: an unsupported scheme is as good as none.
TEST(PresentedToken, IsMissingWithoutTheScheme) {
  EXPECT_EQ(reason_of(read_presented_token(std::nullopt)), Reason::token_missing);
  for (const char* value : {"", "Basic abc", "Bearerabc", "DPoPabc", "abc"})
    EXPECT_EQ(reason_of(read_presented_token(value)), Reason::token_missing) << value;
}

TEST(PresentedToken, IsMalformedWithAnyOtherCharacter) {
  for (const char* value : {"Bearer", "Bearer ", "Bearer =", "Bearer a b", "Bearer a,b",
                            "Bearer \"a\"", "Bearer a=b", "Bearer a\tb", "Bearer caf\xC3\xA9"})
    EXPECT_EQ(reason_of(read_presented_token(value)), Reason::token_malformed) << value;
}

} // namespace
} // namespace assay::oauth
