#include "oauth/token_minter.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "base/unavailable.h"
#include "jose/jws.h"
#include "jose/media_type.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "support/vectors.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

class Minting : public ::testing::Test {
protected:
  Mint mint() {
    const TokenMinter minter = workshop_.minter(settings_);
    return testing::result_of(
        minter.mint(sender_->sender(), bounds_, RefreshToken::as_configured, kNow));
  }

  TokenServiceSettings settings_;
  TokenBounds bounds_{"read write", "urn:api urn:more"};
  testing::TokenWorkshop workshop_;
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
  settings_.access_token.lifetime = 60s;
  settings_.access_token.length = 100;
  settings_.access_token.type = "MAC";
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
  const TokenMinter minter = workshop_.minter(settings_);
  const Mint made =
      testing::result_of(minter.mint(sender_->sender(), bounds_, RefreshToken::none, kNow));
  EXPECT_FALSE(made.token.refresh_token || made.refresh);
  EXPECT_EQ(made.access.family, "");
}

// RFC 9449 section 5.
TEST_F(Minting, NamesTheSchemeOfATokenThatIsBoundToAProof) {
  bounds_.confirmation.key = crypto::sha256("key");
  const Mint made = mint();
  EXPECT_EQ(made.token.token_type, "DPoP");
  EXPECT_EQ(made.access.token_type, "DPoP");
  EXPECT_EQ(made.access.confirmation, bounds_.confirmation);
}

// RFC 8705 section 3: it is sent as any bearer token, over a connection with that certificate.
TEST_F(Minting, LeavesTheTypeOfATokenThatIsBoundToACertificate) {
  bounds_.confirmation.certificate = crypto::sha256("certificate");
  const Mint made = mint();
  EXPECT_EQ(made.token.token_type, "Bearer");
  EXPECT_EQ(made.access.confirmation, bounds_.confirmation);
}

// Whoever refreshes authenticates: that is what the refresh token is bound to.
TEST_F(Minting, BindsTheAccessTokenAlone) {
  settings_.refresh_token.issue = true;
  bounds_.confirmation.key = crypto::sha256("key");
  EXPECT_TRUE(mint().refresh->confirmation.empty());
}

class MintingJwts : public Minting {
protected:
  MintingJwts() { settings_.access_token.format = TokenFormat::jwt; }

  static json::object members_of(std::string_view segment) {
    return parse_strict_json(*base64url_decode(segment))->get_object();
  }
  static json::object claims_of(const Mint& made) {
    const std::string_view text = made.token.access_token.reveal();
    const std::size_t dot = text.find('.') + 1;
    return members_of(text.substr(dot, text.rfind('.') - dot));
  }
  static json::object printed(const std::string& file) {
    return parse_strict_json(testing::vector_text(file))->get_object();
  }
  // What the values are, whatever they say.
  static std::map<std::string, json::kind> kinds_of(const json::object& members) {
    std::map<std::string, json::kind> kinds;
    for (const auto& [name, value] : members)
      kinds.emplace(name, value.kind());
    return kinds;
  }
};

// RFC 9068 sections 2.1 and 2.2.
TEST_F(MintingJwts, MakesATokenThatAnApiCanCheckByItself) {
  const Mint made = mint();
  const std::string_view text = made.token.access_token.reveal();
  const std::size_t signature = text.rfind('.');
  EXPECT_TRUE(workshop_.signing_key->key.public_key().verify(
      jose::Algorithm::es256, text.substr(0, signature),
      *base64url_decode(text.substr(signature + 1))));
  EXPECT_EQ(members_of(text.substr(0, text.find('.'))),
            (json::object{{"typ", "at+jwt"}, {"alg", "ES256"}, {"kid", "key-1"}}));
  json::object claims = claims_of(made);
  EXPECT_EQ(claims.at("jti").as_string().size(), 29U);
  claims.erase("jti");
  EXPECT_EQ(claims, (json::object{{"iss", kIssuer},
                                  {"sub", "alice"},
                                  {"client_id", "billing"},
                                  {"aud", {"urn:api", "urn:more"}},
                                  {"iat", unix_seconds(kNow)},
                                  {"exp", unix_seconds(kNow) + 3600},
                                  {"scope", "read write"}}));
}

// RFC 9068 section 3: a token for one audience, with a scope and without anything of our own.
TEST_F(MintingJwts, HasTheMembersThatTheStandardPrints) {
  bounds_.audience = "urn:api";
  const Mint made = mint();
  const std::string_view text = made.token.access_token.reveal();
  const json::object header = members_of(text.substr(0, text.find('.')));
  const json::object printed_header = printed("rfc9068-3.header.json");
  EXPECT_EQ(kinds_of(header), kinds_of(printed_header));
  EXPECT_TRUE(jose::same_media_type(printed_header.at("typ").as_string(), "at+jwt"));
  EXPECT_EQ(header.at("typ"), "at+jwt");
  EXPECT_EQ(kinds_of(claims_of(made)), kinds_of(printed("rfc9068-3.claims.json")));
}

TEST_F(MintingJwts, GivesTheOneAudienceAsAString) {
  bounds_.audience = "urn:api";
  EXPECT_EQ(claims_of(mint()).at("aud"), "urn:api");
}

TEST_F(MintingJwts, LeavesAnEmptyScopeOut) {
  bounds_.scope = "";
  EXPECT_FALSE(claims_of(mint()).contains("scope"));
}

TEST_F(MintingJwts, MakesClaimsOfTheParametersThatAreMarked) {
  settings_.parameters = {{"tenant", "acme"}, {"cost_centre", "7"}};
  settings_.access_token.claims = {"tenant"};
  const json::object claims = claims_of(mint());
  EXPECT_EQ(claims.at("tenant"), "acme");
  EXPECT_FALSE(claims.contains("cost_centre"));
}

// RFC 7800 section 3, RFC 9449 section 6.1, RFC 8705 section 3.1.
TEST_F(MintingJwts, SaysWhichKeysItIsBoundTo) {
  const auto key = crypto::sha256("key");
  const auto certificate = crypto::sha256("certificate");
  bounds_.confirmation = {key, certificate};
  EXPECT_EQ(claims_of(mint()).at("cnf"),
            (json::object{{"jkt", key.base64url()}, {"x5t#S256", certificate.base64url()}}));
}

// A store finds it as it finds any other token.
TEST_F(MintingJwts, HasItsLocatorInItsId) {
  const Mint made = mint();
  const std::string_view text = made.token.access_token.reveal();
  EXPECT_EQ(made.access.key.digest, crypto::sha256(text));
  EXPECT_EQ(made.access.key.locator, TokenLocator::of(kNow, kNow + 1h));
  EXPECT_EQ(token_key(text).locator, made.access.key.locator);
}

TEST_F(MintingJwts, NeverMakesOneTokenTwice) {
  EXPECT_NE(claims_of(mint()).at("jti"), claims_of(mint()).at("jti"));
}

// Without its key a token could only be unsigned.
TEST_F(MintingJwts, MakesNoneWithoutAKeyThatSigns) {
  workshop_.signing_key = nullptr;
  EXPECT_THROW(mint(), Unavailable);
  settings_.access_token.algorithm = jose::Algorithm::rs256;
  EXPECT_THROW(mint(), Unavailable);
}

TEST_F(MintingJwts, MakesRefreshTokensThatAreOpaque) {
  settings_.refresh_token.issue = true;
  EXPECT_FALSE(mint().token.refresh_token->reveal().contains('.'));
}

class MintingAgain : public Minting {
protected:
  MintingAgain() {
    settings_.refresh_token.issue = true;
    presented_ = *mint().refresh;
  }

  Mint mint_again() {
    const TokenMinter minter = workshop_.minter(settings_);
    return testing::result_of(
        minter.mint_again(sender_->sender(), presented_, {"read", "urn:api"}, kNow + 1h));
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
