#include "oauth/unstored_tokens.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

class Unstored : public ::testing::Test {
protected:
  Unstored() {
    settings_.access_token.format = TokenFormat::jwt;
    settings_.access_token.claims = {"tenant"};
    settings_.parameters = {{"tenant", "acme"}, {"inner", "x"}};
  }

  Mint minted() {
    return testing::result_of(
        workshop_.minter(settings_).mint_unstored(sender_->sender(), bounds_, kNow));
  }
  std::string text() { return std::string(minted().token.access_token.reveal()); }
  std::optional<TokenRecord> read(const std::string& token, TimePoint now = kNow) {
    return workshop_.unstored().read(token, now);
  }
  // Under the key of the server, by its own looks but for what is changed.
  std::string signed_with(const json::object& claims, const json::object& header = {}) {
    json::object members{{"jti", std::string(29, 'A')},
                         {"unstored", {{"service", kService}, {"token_type", "Bearer"}}},
                         {"iss", kIssuer},
                         {"sub", "billing"},
                         {"client_id", "billing"},
                         {"aud", "urn:api"},
                         {"iat", unix_seconds(kNow)},
                         {"exp", unix_seconds(kNow) + 60}};
    for (const auto& [name, value] : claims)
      members[name] = value;
    json::object head{{"typ", "at+jwt"}, {"kid", "key-1"}};
    for (const auto& [name, value] : header)
      head[name] = value;
    return testing::signed_jwt(testing::ec_key(), members, head);
  }

  TokenServiceSettings settings_;
  TokenBounds bounds_{"read write", "urn:api urn:more"};
  testing::TokenWorkshop workshop_;
  Result<VerifiedAssertion> sender_ = Judge{}.verify(assertion_by_billing());
};

TEST_F(Unstored, AreReadAsAStoreWouldHaveThem) {
  const crypto::Digest key = crypto::sha256("key");
  bounds_.confirmation = {key, crypto::sha256("certificate")};
  const Mint made = minted();
  const std::string token(made.token.access_token.reveal());
  const auto record = read(token);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key.digest, token_key(token).digest);
  EXPECT_EQ(record->kind, TokenKind::access);
  EXPECT_EQ(record->service, kService);
  EXPECT_EQ(record->client_id, "billing");
  EXPECT_EQ(record->subject, "billing");
  EXPECT_EQ(record->scope, "read write");
  EXPECT_EQ(record->audience, "urn:api urn:more");
  EXPECT_EQ(record->token_type, "DPoP");
  EXPECT_EQ(record->granted_at, kNow);
  EXPECT_EQ(record->expires_at, kNow + 1h);
  EXPECT_EQ(record->confirmation, bounds_.confirmation);
  EXPECT_EQ(record->parameters,
            (std::vector<std::pair<std::string, std::string>>{{"tenant", "acme"}}));
}

TEST_F(Unstored, LookItFromTheirBeginning) {
  EXPECT_TRUE(looks_unstored(text()));
  EXPECT_FALSE(looks_unstored("AAAA0000" + std::string(46, 'x')));
  EXPECT_FALSE(looks_unstored("a.b.c"));
  EXPECT_FALSE(looks_unstored(std::string(200, '.')));
}

TEST_F(Unstored, AreNoneOnceTheyHaveExpired) {
  const std::string token = text();
  EXPECT_TRUE(read(token, kNow + 1h - 1us));
  EXPECT_FALSE(read(token, kNow + 1h));
}

TEST_F(Unstored, AreNoneUnderAnotherSignature) {
  ASSERT_TRUE(read(signed_with({})));
  const std::string token = signed_with({});
  const std::string other = signed_with({{"sub", "root"}});
  EXPECT_FALSE(read(token.substr(0, token.rfind('.')) + other.substr(other.rfind('.'))));
  EXPECT_FALSE(read(signed_with({}, {{"kid", "key-2"}})));
  EXPECT_FALSE(read(token.substr(0, token.rfind('.') + 1)));
}

// What a service signs for others: RFC 9701 answers, say.
TEST_F(Unstored, AreAccessTokensAlone) {
  EXPECT_FALSE(read(signed_with({}, {{"typ", "token-introspection+jwt"}})));
  EXPECT_FALSE(read(signed_with({}, {{"typ", "JWT"}})));
}

TEST_F(Unstored, AreNoneOfAnotherIssuerOrWithoutWhatWeWrite) {
  EXPECT_FALSE(read(signed_with({{"iss", "http://other"}})));
  EXPECT_FALSE(read(signed_with({{"client_id", 1}})));
  EXPECT_FALSE(read(signed_with({{"exp", "soon"}})));
  EXPECT_FALSE(read(signed_with({{"cnf", {{"jkt", "short"}}}})));
  EXPECT_FALSE(read(signed_with({{"unstored", {{"service", kService}}}})));
  EXPECT_FALSE(read(signed_with({{"unstored", {{"token_type", "Bearer"}}}})));
}

// The client's own assertion, whatever it claims, is signed by another key.
TEST_F(Unstored, AreNotMadeByClients) {
  workshop_.signing_key = std::make_shared<const registry::SigningKey>(
      "key-1", jose::Algorithm::eddsa, testing::ed25519_key());
  EXPECT_FALSE(read(signed_with({})));
}

} // namespace
} // namespace assay::oauth
