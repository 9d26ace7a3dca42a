#include "oauth/client_authentication.h"

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "support/tasks.h"
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
    const ClientAuthenticator clients = authentication_.of(lookup_of(application_));
    return testing::result_of(clients.authenticate(credentials, kNow));
  }

  Result<ProvenClient> by_secret(std::string id, std::string text) {
    return authenticate(SecretCredentials{std::move(id), Secret(std::move(text)), method_});
  }

  Result<ProvenClient> by_assertion(const json::object& claims,
                                    std::optional<std::string> client_id = {}) {
    return authenticate(AssertionCredentials{Secret(assertion_with(claims)), std::move(client_id)});
  }

  registry::Application application_ = billing();
  registry::KeyCache keys_{100};
  Authentication authentication_{keys_};
  registry::AuthMethod method_ = registry::AuthMethod::client_secret_basic;
  json::object claims_ = claims_with("aud", kIssuer);
};

TEST_F(ClientAuthentication, WantsMoreThanAName) {
  EXPECT_EQ(reason_of(authenticate(NoCredentials{})), Reason::client_authentication_missing);
  EXPECT_EQ(reason_of(authenticate(NoCredentials{"billing"})),
            Reason::client_authentication_missing);
}

class ByCertificate : public ClientAuthentication {
protected:
  Result<ProvenClient> show(const jose::PrivateKey& key, const std::string& id = "billing") {
    const std::string der = testing::der_of(testing::certificate_for(key));
    return authenticate(
        CertificateCredentials{id, std::make_shared<const crypto::PeerCertificate>(der, false)});
  }
};

// RFC 8705 section 2.2.
TEST_F(ByCertificate, ProvesAClientByTheKeyOfItsConnection) {
  const auto client = show(testing::ec_key());
  ASSERT_TRUE(client);
  EXPECT_EQ(client->sender.subject(), "billing");
  EXPECT_EQ(client->method, registry::AuthMethod::self_signed_tls_client_auth);
}

TEST_F(ByCertificate, RefusesTheCertificateOfSomebodyElse) {
  EXPECT_EQ(reason_of(show(testing::rsa_key())), Reason::client_certificate_unregistered);
  EXPECT_EQ(reason_of(show(testing::ec_key(), "payroll")), Reason::client_unknown);
}

TEST_F(ByCertificate, RefusesADisabledClientAndAMethodThatItMayNotUse) {
  application_.enabled = false;
  EXPECT_EQ(reason_of(show(testing::ec_key())), Reason::client_disabled);
  EXPECT_EQ(reason_of(show(testing::rsa_key())), Reason::client_certificate_unregistered);
  application_.enabled = true;
  application_.auth_methods = {registry::AuthMethod::private_key_jwt};
  EXPECT_EQ(reason_of(show(testing::ec_key())), Reason::client_method_not_allowed);
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

TEST_F(ClientAuthentication, TakesOnlyTheMethodsThatTheApplicationLists) {
  using registry::AuthMethod;
  application_.secrets = {secret("right")};
  application_.auth_methods = {AuthMethod::client_secret_post};
  EXPECT_EQ(reason_of(by_secret("billing", "right")), Reason::client_method_not_allowed);
  EXPECT_EQ(reason_of(by_assertion(claims_)), Reason::client_method_not_allowed);
  method_ = AuthMethod::client_secret_post;
  EXPECT_TRUE(by_secret("billing", "right"));
  application_.auth_methods = {AuthMethod::private_key_jwt, AuthMethod::client_secret_basic};
  EXPECT_EQ(reason_of(by_secret("billing", "right")), Reason::client_method_not_allowed);
  EXPECT_TRUE(by_assertion(claims_));
}

// Who cannot prove itself must not learn which methods an application has.
TEST_F(ClientAuthentication, SaysNothingOfMethodsBeforeTheProof) {
  application_.secrets = {secret("right")};
  application_.auth_methods = {registry::AuthMethod::private_key_jwt};
  EXPECT_EQ(reason_of(by_secret("billing", "wrong")), Reason::client_secret_wrong);
}

TEST_F(ClientAuthentication, ProvesAClientByASecretThatAPersonChose) {
  application_.secrets = {secret("made here"), {crypto::PasswordHash::of("chosen"), {}}};
  EXPECT_TRUE(by_secret("billing", "chosen"));
  EXPECT_TRUE(by_secret("billing", "made here"));
  EXPECT_EQ(reason_of(by_secret("billing", "choser")), Reason::client_secret_wrong);
  application_.secrets[1].not_after = kNow;
  EXPECT_EQ(reason_of(by_secret("billing", "chosen")), Reason::client_secret_expired);
}

// RFC 6749 section 10.10: guessing is stopped, and does not lock out who knows the secret.
TEST_F(ClientAuthentication, ChecksFewWrongSecretsOfOneClient) {
  application_.secrets = {{crypto::PasswordHash::of("chosen"), {}}};
  ASSERT_TRUE(by_secret("billing", "chosen"));
  for (int each = 0; each < 3; ++each)
    EXPECT_EQ(reason_of(by_secret("billing", "wrong")), Reason::client_secret_wrong);
  EXPECT_EQ(reason_of(by_secret("billing", "wrong")), Reason::client_throttled);
  EXPECT_TRUE(by_secret("billing", "chosen"));
}

TEST_F(ClientAuthentication, AcceptsTheTokenUrlAsAudienceWhileTheApplicationIsExcepted) {
  claims_["aud"] = kAudience;
  EXPECT_EQ(reason_of(by_assertion(claims_)), Reason::client_assertion_refused);
  application_.token_url_audience_until = kNow + 1us;
  const auto client = by_assertion(claims_);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->warning, kTokenUrlAudienceWarning);
  application_.token_url_audience_until = kNow;
  EXPECT_EQ(reason_of(by_assertion(claims_)), Reason::client_assertion_refused);
}

TEST_F(ClientAuthentication, ExceptsNothingButTheTokenUrlAlone) {
  application_.token_url_audience_until = kNow + 1h;
  const json::array both{kIssuer, kAudience};
  for (const json::value& audience : {json::value(both), json::value("https://elsewhere")}) {
    claims_["aud"] = audience;
    EXPECT_EQ(reason_of(by_assertion(claims_)), Reason::client_assertion_refused) << audience;
  }
  claims_["aud"] = kIssuer;
  const auto client = by_assertion(claims_);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->warning, "");
}

} // namespace
} // namespace assay::oauth
