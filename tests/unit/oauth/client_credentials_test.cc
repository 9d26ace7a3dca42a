#include "oauth/client_credentials.h"

#include <gtest/gtest.h>

#include "base/form_text.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using Sent = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// As `Basic`, joined and encoded by the openssl command: what others make of it.
constexpr const char* kBillingSecret = "Basic YmlsbGluZzpzZWNyZXQ="; // billing:secret

Result<ClientCredentials> read(std::optional<std::string_view> authorization, Sent sent = {}) {
  const auto parameters = Parameters::make(std::move(sent));
  return read_client_credentials(authorization, *parameters, {});
}

void expect_secret(const Result<ClientCredentials>& credentials, std::string_view client_id,
                   std::string_view secret) {
  ASSERT_TRUE(credentials) << credentials.error().detail;
  const auto* found = std::get_if<SecretCredentials>(&*credentials);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->client_id, client_id);
  EXPECT_EQ(found->secret.reveal(), secret);
}

TEST(ClientCredentials, AreNoneIfNothingIsSent) {
  const auto credentials = read({});
  ASSERT_TRUE(credentials);
  EXPECT_FALSE(std::get<NoCredentials>(*credentials).client_id);
}

TEST(ClientCredentials, AreNoneIfANameAloneIsSent) {
  const auto credentials = read({}, {{"client_id", "billing"}});
  ASSERT_TRUE(credentials);
  EXPECT_EQ(std::get<NoCredentials>(*credentials).client_id, "billing");
}

// RFC 8705 section 2: the certificate authenticates where nothing else does.
TEST(ClientCredentials, AreACertificateBesideAName) {
  const PresentedKeys keys{std::make_shared<const crypto::PeerCertificate>("der", false), {}};
  const auto read_with = [&](std::vector<std::pair<std::string, std::string>> sent) {
    return *read_client_credentials({}, *Parameters::make(std::move(sent)), keys);
  };
  const auto credentials = read_with({{"client_id", "billing"}});
  const auto* certificate = std::get_if<CertificateCredentials>(&credentials);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->client_id, "billing");
  EXPECT_EQ(certificate->certificate, keys.certificate);
  EXPECT_TRUE(std::holds_alternative<NoCredentials>(read_with({})));
  EXPECT_TRUE(std::holds_alternative<SecretCredentials>(
      read_with({{"client_id", "billing"}, {"client_secret", "secret"}})));
}

TEST(ClientCredentials, AreReadFromBasic) {
  expect_secret(read(kBillingSecret), "billing", "secret");
  expect_secret(read("bAsIc   YmlsbGluZzpzZWNyZXQ="), "billing", "secret");
}

// RFC 6749 section 2.3.1: each half is form-encoded, so that a colon can stand in both.
TEST(ClientCredentials, AreFormDecodedBehindTheBase64) {
  expect_secret(read("Basic YSUzQWI6YyUzQWQlMjBlJTJC"), "a:b", "c:d e+"); // a%3Ab:c%3Ad%20e%2B
  expect_secret(read("Basic YTpiOmM="), "a", "b:c");                      // a:b:c
}

TEST(ClientCredentials, RefuseAnAuthorizationThatIsNotBasic) {
  for (const char* value :
       {"", "Basic", "Basic ", "Basic YmlsbGluZw==", "Basic !!!", "Basic YmlsbGluZzpzZWNyZXQ",
        "Basic YmlsbGluZzpzZWNyZXQ= x", "Bearer abc", "BasicYmlsbGluZzpzZWNyZXQ=",
        "Basic OnNlY3JldA==", "Basic YmlsbGluZzo=", "Basic YSV6ejpi", "Digest username=\"a\""})
    EXPECT_EQ(reason_of(read(value)), Reason::authorization_malformed) << value;
}

TEST(ClientCredentials, AreReadFromTheForm) {
  expect_secret(read({}, {{"client_id", "billing"}, {"client_secret", "secret"}}), "billing",
                "secret");
}

TEST(ClientCredentials, NeedANameForASecretInTheForm) {
  EXPECT_EQ(reason_of(read({}, {{"client_secret", "secret"}})), Reason::parameter_missing);
}

TEST(ClientCredentials, AreReadFromAnAssertion) {
  const auto credentials =
      read({}, {{"client_assertion_type", kAssertionType}, {"client_assertion", "a.b.c"}});
  ASSERT_TRUE(credentials);
  const auto& found = std::get<AssertionCredentials>(*credentials);
  EXPECT_EQ(found.assertion.reveal(), "a.b.c");
  EXPECT_FALSE(found.client_id);
}

TEST(ClientCredentials, NeedBothAnAssertionAndItsType) {
  EXPECT_EQ(reason_of(read({}, {{"client_assertion", "a.b.c"}})), Reason::parameter_missing);
  EXPECT_EQ(reason_of(read({}, {{"client_assertion_type", kAssertionType}})),
            Reason::parameter_missing);
}

TEST(ClientCredentials, KnowOneTypeOfAssertion) {
  EXPECT_EQ(reason_of(read({}, {{"client_assertion_type",
                                 "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
                                {"client_assertion", "a.b.c"}})),
            Reason::client_assertion_type_unsupported);
}

// RFC 6749 section 2.3: one method a request.
TEST(ClientCredentials, RefuseTwoMethods) {
  const Sent secret{{"client_id", "billing"}, {"client_secret", "secret"}};
  const Sent assertion{{"client_assertion_type", kAssertionType}, {"client_assertion", "a.b.c"}};
  Sent both = secret;
  both.insert(both.end(), assertion.begin(), assertion.end());
  EXPECT_EQ(reason_of(read(kBillingSecret, secret)), Reason::client_authentication_repeated);
  EXPECT_EQ(reason_of(read(kBillingSecret, assertion)), Reason::client_authentication_repeated);
  EXPECT_EQ(reason_of(read("Bearer abc", secret)), Reason::client_authentication_repeated);
  EXPECT_EQ(reason_of(read({}, both)), Reason::client_authentication_repeated);
}

TEST(ClientCredentials, MayRepeatTheNameButNotChangeIt) {
  expect_secret(read(kBillingSecret, {{"client_id", "billing"}}), "billing", "secret");
  EXPECT_EQ(reason_of(read(kBillingSecret, {{"client_id", "payroll"}})), Reason::client_mismatch);
}

TEST(ClientCredentials, NeverQuoteWhatTheyHold) {
  constexpr const char* kBasic = "Basic YTpzM2NyM3Q="; // a:s3cr3t
  for (const auto& refused :
       {read(kBasic, {{"client_id", "b"}}), read("Bearer s3cr3t"),
        read({}, {{"client_secret", "s3cr3t"}}), read({}, {{"client_assertion", "s3cr3t"}}),
        read(kBasic, {{"client_id", "a"}, {"client_secret", "s3cr3t"}})}) {
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().detail.contains("s3cr3t")) << refused.error().detail;
    EXPECT_FALSE(refused.error().detail.contains("YTpz")) << refused.error().detail;
  }
}

} // namespace
} // namespace assay::oauth
