#include "server/policies.h"

#include <gtest/gtest.h>

namespace assay::server {
namespace {

using namespace std::chrono_literals;

TEST(Policies, HandOnTheLimitsOfAnAssertion) {
  const auto limits = assertion_limits(
      {.assertion_bytes = 5000, .jti_bytes = 50, .key_id_bytes = 60, .json_depth = 7});
  EXPECT_EQ(limits.jws.bytes, 5000U);
  EXPECT_EQ(limits.jws.key_id_bytes, 60U);
  EXPECT_EQ(limits.jws.json_depth, 7U);
  EXPECT_EQ(limits.claims.jti_bytes, 50U);
  EXPECT_EQ(limits.claims.json_depth, 7U);
}

TEST(Policies, HandOnWhatAServiceAsksOfAssertions) {
  oauth::TokenServiceSettings service;
  service.audiences = {"urn:a", "urn:b"};
  service.clock_skew = 5s;
  service.longest_assertion_life = 60s;
  service.require_jti = true;
  service.require_subject = true;

  const auto policy = assertion_policy(service);
  EXPECT_EQ(policy.use, oauth::AssertionUse::authorization_grant);
  EXPECT_EQ(policy.audiences, service.audiences);
  EXPECT_EQ(policy.clock_skew, 5s);
  EXPECT_EQ(policy.longest_life, 60s);
  EXPECT_TRUE(policy.require_jti);
  EXPECT_TRUE(policy.require_subject);
}

// An assertion for another server, or for a token endpoint, must not prove a client here.
TEST(Policies, WantTheIssuerAsTheSoleAudienceOfAClientAssertion) {
  Settings settings;
  settings.issuer = "https://tokens.example";
  const auto policy = client_assertion_policy(settings);
  EXPECT_EQ(policy.use, oauth::AssertionUse::client_authentication);
  EXPECT_EQ(policy.audiences, std::vector<std::string>{"https://tokens.example"});
  EXPECT_TRUE(policy.require_subject);
}

// For applications that are excepted for a while: the endpoints as the metadata names them.
TEST(Policies, KnowTheTokenUrlsThatOlderClientsName) {
  Settings settings;
  settings.issuer = "https://tokens.example/tenant";
  settings.token_services.resize(2);
  settings.token_services[1].path = "/batch/token";
  const std::vector<std::string> urls{"https://tokens.example/api/oauth/token",
                                      "https://tokens.example/batch/token"};
  EXPECT_EQ(client_assertion_policy(settings).token_urls, urls);
  EXPECT_TRUE(assertion_policy(settings.token_services[0]).token_urls.empty());
}

TEST(Policies, HandOnTheRulesOfScopes) {
  oauth::TokenServiceSettings service;
  service.validate_scopes = false;
  service.scope_match = oauth::ScopeMatch::all;
  EXPECT_FALSE(scope_policy(service).validate);
  EXPECT_EQ(scope_policy(service).match, oauth::ScopeMatch::all);
}

TEST(Policies, HandOnTheDefaultAudience) {
  Settings settings;
  settings.issuer = "https://tokens.example";
  settings.token_services[0].resources = {"https://api.example"};
  const auto policy = audience_policy(settings, settings.token_services[0]);
  EXPECT_EQ(policy.issuer, "https://tokens.example");
  EXPECT_EQ(policy.resources, std::vector<std::string>{"https://api.example"});
}

} // namespace
} // namespace assay::server
