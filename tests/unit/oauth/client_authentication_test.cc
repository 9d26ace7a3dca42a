#include "oauth/client_authentication.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

registry::RegisteredSecret secret(std::string_view text, std::optional<TimePoint> not_after = {}) {
  return {crypto::sha256(text), not_after};
}

class ClientAuthentication : public ::testing::Test {
protected:
  Result<ProvenClient> authenticate(const ClientCredentials& credentials) {
    const ClientAuthenticator clients(lookup_of(application_),
                                      AssertionVerifier(client_policy(), keys_), {});
    return clients.authenticate(credentials, kNow);
  }

  Result<ProvenClient> by_secret(std::string id, std::string text) {
    return authenticate(SecretCredentials{std::move(id), Secret(std::move(text))});
  }

  Result<ProvenClient> by_assertion(const json::object& claims,
                                    std::optional<std::string> client_id = {}) {
    return authenticate(AssertionCredentials{Secret(assertion_with(claims)), std::move(client_id)});
  }

  registry::Application application_ = billing();
  registry::KeyCache keys_{100};
  json::object claims_ = claims_with("aud", kIssuer);
};

TEST_F(ClientAuthentication, WantsMoreThanAName) {
  EXPECT_EQ(reason_of(authenticate(NoCredentials{})), Reason::client_authentication_missing);
  EXPECT_EQ(reason_of(authenticate(NoCredentials{"billing"})),
            Reason::client_authentication_missing);
}

TEST_F(ClientAuthentication, ProvesAClientByItsSecret) {
  application_.secrets = {secret("right")};
  const auto client = by_secret("billing", "right");
  ASSERT_TRUE(client);
  EXPECT_EQ(client->sender.application().id, "billing");
  EXPECT_EQ(client->sender.subject(), "billing");
  EXPECT_FALSE(client->claim);
}

TEST_F(ClientAuthentication, AcceptsAnyOfSeveralSecrets) {
  application_.secrets = {secret("old"), secret("new")};
  EXPECT_TRUE(by_secret("billing", "old"));
  EXPECT_TRUE(by_secret("billing", "new"));
}

TEST_F(ClientAuthentication, RefusesAWrongSecret) {
  application_.secrets = {secret("right")};
  for (const char* wrong : {"wrong", "righ", "right ", "Right", ""})
    EXPECT_EQ(reason_of(by_secret("billing", wrong)), Reason::client_secret_wrong) << wrong;
}

TEST_F(ClientAuthentication, RefusesEverySecretOfAClientThatHasNone) {
  EXPECT_EQ(reason_of(by_secret("billing", "")), Reason::client_secret_wrong);
}

TEST_F(ClientAuthentication, RefusesAnUnknownClient) {
  application_.secrets = {secret("right")};
  EXPECT_EQ(reason_of(by_secret("payroll", "right")), Reason::client_unknown);
}

TEST_F(ClientAuthentication, RefusesADisabledClient) {
  application_.secrets = {secret("right")};
  application_.enabled = false;
  EXPECT_EQ(reason_of(by_secret("billing", "right")), Reason::client_disabled);
  EXPECT_EQ(reason_of(by_secret("billing", "wrong")), Reason::client_secret_wrong);
}

TEST_F(ClientAuthentication, RefusesASecretFromTheMomentItExpires) {
  application_.secrets = {secret("right", kNow + 1us)};
  EXPECT_TRUE(by_secret("billing", "right"));
  application_.secrets = {secret("right", kNow)};
  EXPECT_EQ(reason_of(by_secret("billing", "right")), Reason::client_secret_expired);
}

// Clients mix the two up.
TEST_F(ClientAuthentication, NeverQuotesASecretThatStandsInTheNamesPlace) {
  const std::string text = "aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3a";
  const auto refused = by_secret(text, "billing");
  EXPECT_EQ(reason_of(refused), Reason::client_unknown);
  EXPECT_EQ(detail_of(refused), "(43 bytes)");
}

TEST_F(ClientAuthentication, ProvesAClientByAnAssertion) {
  const auto client = by_assertion(claims_);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->sender.application().id, "billing");
  EXPECT_TRUE(by_assertion(claims_, "billing"));
}

// It is proven only once the claim is taken.
TEST_F(ClientAuthentication, HandsOnTheClaimOfAnAssertion) {
  const auto client = by_assertion(claims_);
  ASSERT_TRUE(client && client->claim);
  EXPECT_EQ(client->claim->acceptable_until, kNow + 150s);
  claims_["jti"] = "another";
  EXPECT_NE(by_assertion(claims_)->claim->digest, client->claim->digest);
  claims_.erase("jti");
  EXPECT_FALSE(by_assertion(claims_)->claim);
}

// One jti may serve for a grant and for a client's proof: neither is the other's replay.
TEST_F(ClientAuthentication, ClaimsApartFromGrants) {
  const auto client = by_assertion(claims_);
  ASSERT_TRUE(client && client->claim);
  EXPECT_NE(client->claim->digest, replay_claim(kService, "billing", "jti-1", kNow).digest);
}

TEST_F(ClientAuthentication, RefusesAnAssertionThatNamesAnotherClient) {
  EXPECT_EQ(reason_of(by_assertion(claims_, "payroll")), Reason::client_mismatch);
}

TEST_F(ClientAuthentication, SaysWhichCheckRefusedAnAssertion) {
  const auto refused = by_assertion(claims_by_billing());
  EXPECT_EQ(reason_of(refused), Reason::client_assertion_refused);
  EXPECT_TRUE(detail_of(refused).starts_with("audience_mismatch: ")) << detail_of(refused);

  const auto unreadable = authenticate(AssertionCredentials{Secret("nonsense"), {}});
  EXPECT_EQ(reason_of(unreadable), Reason::client_assertion_refused);
  EXPECT_TRUE(detail_of(unreadable).starts_with("assertion_malformed")) << detail_of(unreadable);
}

TEST_F(ClientAuthentication, RefusesAnAssertionByAStrangerOrADisabledClient) {
  claims_["iss"] = "payroll";
  EXPECT_TRUE(detail_of(by_assertion(claims_)).starts_with("issuer_unknown"));
  claims_["iss"] = "billing";
  application_.enabled = false;
  EXPECT_TRUE(detail_of(by_assertion(claims_)).starts_with("application_disabled"));
}

} // namespace
} // namespace assay::oauth
