#include "oauth/grants/client_credentials.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_token_store.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

class ClientCredentialsGrants : public ::testing::Test {
protected:
  ClientCredentialsGrants() {
    application_.secrets = {{crypto::sha256("right"), {}}};
    application_.grants = {registry::GrantType::client_credentials};
    settings_.refresh_token.issue = true;
  }

  Result<MintedToken> ask(std::vector<std::pair<std::string, std::string>> more) {
    std::vector<std::pair<std::string, std::string>> sent{{"grant_type", "client_credentials"}};
    sent.insert(sent.end(), more.begin(), more.end());
    auto request = read_token_request({}, keys_shown_, *Parameters::make(std::move(sent)));
    if (!request) return std::unexpected(request.error());
    ClientCredentialsGrant grant({.clock = [] { return kNow; },
                                  .clients = authentication_.of(lookup_of(application_)),
                                  .scopes = {},
                                  .audiences = {kIssuer, {}},
                                  .binding = workshop_.binding(),
                                  .issuance = workshop_.issuance(settings_, *store_)});
    trace_ = {};
    return testing::result_of(grant.grant(std::move(*request), trace_));
  }
  Result<MintedToken> ask_with_secret(const std::string& secret,
                                      const std::string& scope = "invoices.write") {
    return ask({{"client_id", "billing"}, {"client_secret", secret}, {"scope", scope}});
  }
  Result<MintedToken> ask_with_assertion(const std::string& assertion) {
    return ask(
        {{"client_assertion", assertion},
         {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}});
  }
  std::uint64_t stored() { return tokens_.count({}, kNow, {}).access; }

  registry::Application application_ = billing();
  registry::KeyCache keys_{100};
  Authentication authentication_{keys_};
  TokenServiceSettings settings_;
  stores::MemoryTokenStore tokens_;
  TokenStore* store_ = &tokens_;
  GrantTrace trace_;
  PresentedKeys keys_shown_;
  testing::TokenWorkshop workshop_;
};

TEST_F(ClientCredentialsGrants, GrantAToken) {
  const auto token = ask_with_secret("right");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->scope, "invoices.write");
  const auto record =
      testing::result_of(tokens_.find(token_key(token->access_token.reveal()), kNow));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->client_id, "billing");
  EXPECT_EQ(record->subject, "billing");
}

// RFC 6749 section 4.4.3.
TEST_F(ClientCredentialsGrants, NeverGrantARefreshToken) {
  EXPECT_FALSE(ask_with_secret("right")->refresh_token);
  EXPECT_EQ(tokens_.count({}, kNow, {}).refresh, 0U);
}

TEST_F(ClientCredentialsGrants, WantTheClientToProveItself) {
  EXPECT_EQ(reason_of(ask({{"client_id", "billing"}})), Reason::client_authentication_missing);
  EXPECT_EQ(reason_of(ask_with_secret("wrong")), Reason::client_secret_wrong);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(ClientCredentialsGrants, AreForApplicationsThatMayUseThem) {
  application_.grants = {registry::GrantType::jwt_bearer};
  EXPECT_EQ(reason_of(ask_with_secret("right")), Reason::grant_not_allowed);
  // Before the proof, the answer would tell strangers which applications exist.
  EXPECT_EQ(reason_of(ask_with_secret("wrong")), Reason::client_secret_wrong);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(ClientCredentialsGrants, KeepToTheRegisteredScopes) {
  EXPECT_EQ(reason_of(ask_with_secret("right", "admin")), Reason::scope_not_allowed);
  EXPECT_EQ(ask_with_secret("right", "")->scope, "invoices.read");
}

TEST_F(ClientCredentialsGrants, HonourAClientAssertionOnce) {
  const std::string assertion = assertion_with(claims_with("aud", kIssuer));
  EXPECT_TRUE(ask_with_assertion(assertion));
  EXPECT_EQ(reason_of(ask_with_assertion(assertion)), Reason::client_assertion_refused);
  EXPECT_EQ(stored(), 1U);
}

// First decide, then commit.
TEST_F(ClientCredentialsGrants, LeaveTheAssertionOfARefusedRequestUnused) {
  const std::string assertion = assertion_with(claims_with("aud", kIssuer));
  application_.grants = {};
  EXPECT_EQ(reason_of(ask_with_assertion(assertion)), Reason::grant_not_allowed);
  application_.grants = {registry::GrantType::client_credentials};
  EXPECT_TRUE(ask_with_assertion(assertion));
}

TEST_F(ClientCredentialsGrants, WriteDownWhoGotWhatByWhichMethod) {
  ASSERT_TRUE(ask_with_secret("right"));
  EXPECT_EQ(trace_.client_id, "billing");
  EXPECT_EQ(trace_.auth_method, "client_secret_post");
  EXPECT_EQ(trace_.scope, "invoices.write");
  EXPECT_TRUE(trace_.token);
}

} // namespace
} // namespace assay::oauth
