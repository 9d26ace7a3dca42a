#include "oauth/token_minter.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

class Minting : public ::testing::Test {
protected:
  Mint mint() {
    return TokenMinter(settings_, crypto::secure_random)
        .mint(sender_->sender(), {"read write", "urn:api urn:more"}, RefreshToken::as_configured,
              kNow);
  }

  TokenServiceSettings settings_;
  Result<VerifiedAssertion> sender_ =
      Judge{.sender = with_subject()}.verify(assertion_with(claims_with("sub", "alice")));

private:
  static registry::Application with_subject() {
    registry::Application application = billing();
    application.subjects = {"alice"};
    return application;
  }
};

TEST_F(Minting, MakesTokensByTheDefaults) {
  const Mint made = mint();
  EXPECT_EQ(made.token.access_token.reveal().size(), 54U);
  EXPECT_EQ(made.token.token_type, "Bearer");
  EXPECT_EQ(made.token.expires_in, 3600s);
  EXPECT_EQ(made.token.scope, "read write");
  EXPECT_FALSE(made.token.refresh_token);
  EXPECT_FALSE(made.refresh);
}

TEST_F(Minting, WritesDownWhoseTokenItIs) {
  settings_.parameters = {{"tenant", "acme"}};
  const TokenRecord record = mint().access;
  EXPECT_EQ(record.kind, TokenKind::access);
  EXPECT_EQ(record.service, kService);
  EXPECT_EQ(record.client_id, "billing");
  EXPECT_EQ(record.subject, "alice");
  EXPECT_EQ(record.scope, "read write");
  EXPECT_EQ(record.audience, "urn:api urn:more");
  EXPECT_EQ(record.token_type, "Bearer");
  EXPECT_EQ(record.granted_at, kNow);
  EXPECT_EQ(record.issued_at, kNow);
  EXPECT_EQ(record.expires_at, kNow + 1h);
  EXPECT_EQ(record.family, "");
  EXPECT_EQ(record.parameters, settings_.parameters);
}

TEST_F(Minting, WritesDownTheDigestAlone) {
  const Mint made = mint();
  EXPECT_EQ(made.access.key.digest, crypto::sha256(made.token.access_token.reveal()));
  EXPECT_EQ(made.access.key.locator, TokenLocator::of(kNow, kNow + 1h));
}

TEST_F(Minting, FollowsTheSettings) {
  settings_.access_token = {.lifetime = 60s, .length = 100, .type = "MAC"};
  const Mint made = mint();
  EXPECT_EQ(made.token.access_token.reveal().size(), 100U);
  EXPECT_EQ(made.token.token_type, "MAC");
  EXPECT_EQ(made.token.expires_in, 60s);
  EXPECT_EQ(made.access.expires_at, kNow + 60s);
  EXPECT_EQ(made.access.token_type, "MAC");
}

TEST_F(Minting, MakesLettersAndDigitsOfEveryLength) {
  for (const std::size_t length : {22U, 28U, 29U, 54U, 512U}) {
    settings_.access_token.length = length;
    const Mint made = mint();
    const std::string_view text = made.token.access_token.reveal();
    EXPECT_EQ(text.size(), length);
    EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0; }));
  }
}

// RFC 6749 section 10.10 wants 2^-128 at most as the chance of guessing a token: a locator, which
// anybody can work out, must not eat it up.
TEST_F(Minting, LeavesEnoughToChanceBesideTheLocator) {
  settings_.access_token.length = 28;
  const Mint without = mint();
  EXPECT_FALSE(without.access.key.locator);
  settings_.access_token.length = 29;
  const Mint with = mint();
  EXPECT_EQ(with.access.key.locator, TokenLocator::of(kNow, kNow + 1h));
}

TEST_F(Minting, NeverMakesOneTokenTwice) {
  std::set<std::string> texts;
  for (int each = 0; each < 1000; ++each)
    texts.emplace(mint().token.access_token.reveal());
  EXPECT_EQ(texts.size(), 1000U);
}

TEST_F(Minting, MakesARefreshTokenWhereItIsSwitchedOn) {
  settings_.refresh_token.issue = true;
  const Mint made = mint();
  ASSERT_TRUE(made.token.refresh_token && made.refresh);
  EXPECT_EQ(made.token.refresh_token->reveal().size(), 46U);
  EXPECT_EQ(made.refresh->key.digest, crypto::sha256(made.token.refresh_token->reveal()));
  EXPECT_EQ(made.refresh->kind, TokenKind::refresh);
  EXPECT_EQ(made.refresh->expires_at, kNow + 12h);
  EXPECT_EQ(made.refresh->scope, "read write");
  EXPECT_EQ(made.refresh->audience, "urn:api urn:more");
  EXPECT_EQ(made.refresh->client_id, "billing");
  EXPECT_EQ(made.refresh->subject, "alice");
}

// What revoking the one must take along.
TEST_F(Minting, MakesAFamilyOfEachPair) {
  settings_.refresh_token.issue = true;
  const Mint first = mint();
  const Mint second = mint();
  EXPECT_EQ(first.access.family, first.refresh->family);
  EXPECT_EQ(first.access.family.size(), 32U);
  EXPECT_NE(first.access.family, second.access.family);
}

TEST_F(Minting, MakesNoRefreshTokenForAGrantThatHasNone) {
  settings_.refresh_token.issue = true;
  const Mint made = TokenMinter(settings_, crypto::secure_random)
                        .mint(sender_->sender(), {"read", "urn:api"}, RefreshToken::none, kNow);
  EXPECT_FALSE(made.token.refresh_token || made.refresh);
  EXPECT_EQ(made.access.family, "");
}

class MintingAgain : public Minting {
protected:
  MintingAgain() {
    settings_.refresh_token.issue = true;
    presented_ = *mint().refresh;
  }

  Mint mint_again() {
    return TokenMinter(settings_, crypto::secure_random)
        .mint_again(sender_->sender(), presented_, {"read", "urn:api"}, kNow + 1h);
  }

  TokenRecord presented_;
};

TEST_F(MintingAgain, KeepsToTheGrantThatItCameFrom) {
  const TokenRecord record = mint_again().access;
  EXPECT_EQ(record.family, presented_.family);
  EXPECT_EQ(record.granted_at, kNow);
  EXPECT_EQ(record.issued_at, kNow + 1h);
  EXPECT_EQ(record.expires_at, kNow + 2h);
  EXPECT_EQ(record.audience, "urn:api");
  EXPECT_EQ(record.scope, "read");
}

// RFC 6749 section 6: a new refresh token is good for all that the one presented is.
TEST_F(MintingAgain, MakesARefreshTokenOfTheWholeGrantWhereItRotates) {
  const Mint made = mint_again();
  ASSERT_TRUE(made.refresh && made.token.refresh_token);
  EXPECT_EQ(made.refresh->scope, "read write");
  EXPECT_EQ(made.refresh->audience, "urn:api urn:more");
  EXPECT_EQ(made.refresh->family, presented_.family);
  EXPECT_EQ(made.refresh->granted_at, kNow);
  EXPECT_NE(made.refresh->key.digest, presented_.key.digest);
}

TEST_F(MintingAgain, MakesNoRefreshTokenWhereTheOldOneStays) {
  for (const RefreshPolicy policy : {RefreshPolicy::keep, RefreshPolicy::slide}) {
    settings_.refresh_token.policy = policy;
    const Mint made = mint_again();
    EXPECT_FALSE(made.refresh || made.token.refresh_token);
  }
}

} // namespace
} // namespace assay::oauth
