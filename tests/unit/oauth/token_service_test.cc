#include "oauth/token_service.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

// Gives a token of the type that it was made with.
class SampleGrant final : public Grant {
public:
  explicit SampleGrant(std::string token_type) : token_type_(std::move(token_type)) {}

  Task<Result<MintedToken>> grant(TokenRequest request, GrantTrace& trace) override {
    trace.scope = request.scope.value_or("");
    co_return MintedToken{Secret("text"), {}, token_type_, std::chrono::seconds(1), ""};
  }

private:
  std::string token_type_;
};

class TokenServices : public ::testing::Test {
protected:
  TokenServices() : service_(offers()) {}

  Result<MintedToken> ask(std::string grant_type) {
    auto parameters = Parameters::make({{"grant_type", std::move(grant_type)}, {"scope", "a"}});
    auto request = read_token_request({}, {}, std::move(*parameters));
    return testing::result_of(service_.grant(std::move(*request), trace_));
  }

  TokenService service_;
  GrantTrace trace_;

private:
  static std::vector<TokenService::Offer> offers() {
    std::vector<TokenService::Offer> offers;
    offers.push_back({"urn:one", std::make_unique<SampleGrant>("one")});
    offers.push_back({"urn:two", std::make_unique<SampleGrant>("two")});
    return offers;
  }
};

TEST_F(TokenServices, AskTheGrantThatIsNamed) {
  EXPECT_EQ(ask("urn:one")->token_type, "one");
  EXPECT_EQ(ask("urn:two")->token_type, "two");
  EXPECT_EQ(trace_.scope, "a");
}

TEST_F(TokenServices, RefuseAGrantThatTheyDoNotHave) {
  for (const char* other : {"urn:three", "URN:ONE", "urn:one ", "password"}) {
    const auto refused = ask(other);
    EXPECT_EQ(reason_of(refused), Reason::grant_type_unsupported) << other;
    EXPECT_EQ(detail_of(refused), other);
  }
}

TEST_F(TokenServices, NeverQuoteAnAssertionThatStandsInTheGrantTypesPlace) {
  const auto refused = ask(assertion_by_billing());
  EXPECT_EQ(reason_of(refused), Reason::grant_type_unsupported);
  EXPECT_TRUE(detail_of(refused).ends_with(" bytes)"));
}

TEST_F(TokenServices, NameTheirGrants) {
  EXPECT_EQ(service_.grant_types(), (std::vector<std::string_view>{"urn:one", "urn:two"}));
}

} // namespace
} // namespace assay::oauth
