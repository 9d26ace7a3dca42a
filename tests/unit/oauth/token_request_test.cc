#include "oauth/token_request.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using Sent = std::vector<std::pair<std::string, std::string>>;

Result<TokenRequest> read(Sent sent, std::optional<std::string_view> authorization = {}) {
  return read_token_request(authorization, {}, *Parameters::make(std::move(sent)));
}

TEST(TokenRequest, HasItsGrantTypeAndItsParameters) {
  const auto request = read({{"grant_type", "magic"}, {"scope", "a b"}, {"wand", "elder"}});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->grant_type, "magic");
  EXPECT_EQ(request->scope, "a b");
  EXPECT_EQ(request->parameters.find("wand"), "elder");
  EXPECT_TRUE(std::holds_alternative<NoCredentials>(request->credentials));
}

TEST(TokenRequest, MayBeWithoutAScope) {
  EXPECT_FALSE(read({{"grant_type", "magic"}})->scope);
  EXPECT_FALSE((read({{"grant_type", "magic"}, {"scope", ""}})->scope));
}

TEST(TokenRequest, NamesAllResourcesThatItAsksFor) {
  auto parameters =
      Parameters::make({{"resource", "urn:b"}, {"grant_type", "magic"}, {"resource", "urn:a"}},
                       kRepeatableAtTokenEndpoint);
  const auto request = read_token_request({}, {}, std::move(*parameters));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->resources, (std::vector<std::string>{"urn:b", "urn:a"}));
}

TEST(TokenRequest, MustHaveAGrantType) {
  EXPECT_EQ(reason_of(read({{"scope", "a"}})), Reason::parameter_missing);
  EXPECT_EQ(reason_of(read({{"grant_type", ""}})), Reason::parameter_missing);
}

TEST(TokenRequest, IsRefusedForItsCredentials) {
  EXPECT_EQ(reason_of(read({{"grant_type", "magic"}}, "Bearer abc")),
            Reason::authorization_malformed);
}

} // namespace
} // namespace assay::oauth
