#include "oauth/grants/refresh_token.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_token_store.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using Sent = std::vector<std::pair<std::string, std::string>>;

const std::string kApi = "https://api.example";
const std::string kOther = "https://other.example";

// A refresh token of `billing`, as a grant for two scopes gave it.
class Refreshing : public ::testing::Test {
protected:
  Refreshing() {
    application_.secrets = {{crypto::sha256("right"), {}}};
    application_.subjects = {"alice"};
    settings_.refresh_token.issue = true;
  }

  // Its text.
  std::string issue(const std::string& service = kService) {
    TokenServiceSettings settings = settings_;
    settings.path = service;
    const auto verified =
        Judge{.sender = application_}.verify(assertion_with(claims_with("sub", "alice")));
    const TokenMinter minter = workshop_.minter(settings);
    const Mint mint = testing::result_of(
        minter.mint(verified->sender(), {"invoices.read invoices.write", kApi + (" " + kOther)},
                    RefreshToken::as_configured, now_));
    std::string text(mint.token.refresh_token->reveal());
    testing::result_of(tokens_.issue({mint.access, mint.refresh, {}}, now_));
    return text;
  }

  Result<MintedToken> ask(Sent sent) {
    sent.emplace_back("grant_type", "refresh_token");
    auto request = read_token_request({}, keys_shown_, *Parameters::make(std::move(sent)));
    if (!request) return std::unexpected(request.error());
    RefreshTokenGrant grant({.service = kService,
                             .clock = [this] { return now_; },
                             .clients = authentication_.of(lookup_of(application_)),
                             .standing = {[this](const TokenRecord&) { return shared(owner()); },
                                          [this](const TokenRecord&) { return is_revoked_; }},
                             .scopes = scopes_,
                             .audiences = {kIssuer, {kApi, kOther}},
                             .binding = workshop_.binding(),
                             .settings = settings_.refresh_token,
                             .minter = workshop_.minter(settings_),
                             .random = crypto::secure_random,
                             .tokens = tokens_});
    trace_ = {};
    return testing::result_of(grant.grant(std::move(*request), trace_));
  }

  Result<MintedToken> refresh(const std::string& token, Sent more = {}) {
    more.insert(
        more.end(),
        {{"refresh_token", token}, {"client_id", application_.id}, {"client_secret", "right"}});
    return ask(std::move(more));
  }

  registry::Application owner() const { return application_; }
  std::optional<TokenRecord> find(const Secret& token) {
    return testing::result_of(tokens_.find(token_key(token.reveal()), now_));
  }

  registry::Application application_ = billing();
  registry::KeyCache keys_{100};
  Authentication authentication_{keys_};
  TokenServiceSettings settings_;
  ScopePolicy scopes_;
  stores::MemoryTokenStore tokens_;
  GrantTrace trace_;
  PresentedKeys keys_shown_;
  testing::TokenWorkshop workshop_;
  TimePoint now_ = kNow;
  bool is_revoked_ = false;
};

TEST_F(Refreshing, GivesAnotherPairForTheSameSubjectAndScopes) {
  const auto token = refresh(issue());
  ASSERT_TRUE(token && token->refresh_token);
  EXPECT_EQ(token->scope, "invoices.read invoices.write");
  const auto access = find(token->access_token);
  ASSERT_TRUE(access);
  EXPECT_EQ(access->subject, "alice");
  EXPECT_EQ(access->client_id, "billing");
  EXPECT_TRUE(refresh(std::string(token->refresh_token->reveal())));
}

TEST_F(Refreshing, GivesTheSameAnswerAgainWithinTheGrace) {
  const std::string token = issue();
  const auto first = refresh(token);
  now_ += 10s - 1us;
  const auto second = refresh(token);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->access_token.reveal(), second->access_token.reveal());
  EXPECT_EQ(first->refresh_token->reveal(), second->refresh_token->reveal());
  EXPECT_TRUE(trace_.token);
}

// RFC 9700 section 4.14.2.
TEST_F(Refreshing, RevokesTheWholeFamilyWhenARotatedTokenComesAgain) {
  const std::string token = issue();
  const auto first = refresh(token);
  now_ += 10s;
  const auto second = refresh(token);
  EXPECT_EQ(reason_of(second), Reason::refresh_token_reused);
  EXPECT_NE(detail_of(second).find("alice are revoked"), std::string::npos);
  EXPECT_FALSE(find(first->access_token));
  EXPECT_EQ(reason_of(refresh(std::string(first->refresh_token->reveal()))),
            Reason::refresh_token_unknown);
}

// Who has used the successor had the answer: this is somebody else, or a mistake.
TEST_F(Refreshing, GivesNoAnswerAgainOnceTheSuccessorWasUsed) {
  const std::string token = issue();
  const auto first = refresh(token);
  ASSERT_TRUE(refresh(std::string(first->refresh_token->reveal())));
  EXPECT_EQ(reason_of(refresh(token)), Reason::refresh_token_reused);
}

TEST_F(Refreshing, KeepsTheTokenWhereThePolicySaysSo) {
  settings_.refresh_token.policy = RefreshPolicy::keep;
  const std::string token = issue();
  for (int each = 0; each < 3; ++each) {
    const auto refreshed = refresh(token);
    ASSERT_TRUE(refreshed && refreshed->refresh_token);
    EXPECT_EQ(refreshed->refresh_token->reveal(), token);
  }
  now_ += 12h;
  EXPECT_EQ(reason_of(refresh(token)), Reason::refresh_token_unknown);
}

TEST_F(Refreshing, LetsTheTokenLiveOnWhereItSlides) {
  settings_.refresh_token.policy = RefreshPolicy::slide;
  const std::string token = issue();
  for (int each = 0; each < 3; ++each) {
    now_ += 11h;
    ASSERT_TRUE(refresh(token)) << each;
  }
  now_ += 12h;
  EXPECT_EQ(reason_of(refresh(token)), Reason::refresh_token_unknown);
}

TEST_F(Refreshing, WantsTheClientToProveItself) {
  const std::string token = issue();
  EXPECT_EQ(reason_of(ask({{"refresh_token", token}})), Reason::client_authentication_missing);
  EXPECT_EQ(reason_of(ask({{"refresh_token", token}, {"client_id", "billing"}})),
            Reason::client_authentication_missing);
  EXPECT_EQ(reason_of(ask(
                {{"refresh_token", token}, {"client_id", "billing"}, {"client_secret", "wrong"}})),
            Reason::client_secret_wrong);
  EXPECT_TRUE(refresh(token));
}

TEST_F(Refreshing, TakesTheProofByAClientAssertionOnce) {
  const Sent proof{
      {"client_assertion", assertion_with(claims_with("aud", kIssuer))},
      {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}};
  const auto with = [&](const std::string& token) {
    Sent sent = proof;
    sent.emplace_back("refresh_token", token);
    return ask(sent);
  };
  const std::string token = issue();
  ASSERT_TRUE(with(token));
  now_ += 20s;
  // A request that was listened in on and is played again must not end the owner's session.
  EXPECT_EQ(reason_of(with(token)), Reason::client_assertion_refused);
  EXPECT_EQ(tokens_.count({}, now_, {}).refresh, 1U);
}

// A thief that is a client itself must gain nothing, and do no harm.
TEST_F(Refreshing, IsForTheClientOfTheTokenAlone) {
  const std::string token = issue();
  ASSERT_TRUE(refresh(token));
  application_.id = "thief";
  now_ += 1h;
  EXPECT_EQ(reason_of(refresh(token)), Reason::refresh_token_foreign);
  EXPECT_EQ(tokens_.count({}, now_, {}).refresh, 1U);
}

TEST_F(Refreshing, IsForTheServiceOfTheTokenAlone) {
  EXPECT_EQ(reason_of(refresh(issue("/another"))), Reason::refresh_token_unknown);
}

TEST_F(Refreshing, RefusesWhatIsNoLiveRefreshToken) {
  EXPECT_EQ(reason_of(refresh("unknown")), Reason::refresh_token_unknown);
  EXPECT_EQ(reason_of(ask({{"client_id", "billing"}, {"client_secret", "right"}})),
            Reason::parameter_missing);
  const auto pair = refresh(issue());
  EXPECT_EQ(reason_of(refresh(std::string(pair->access_token.reveal()))),
            Reason::refresh_token_unknown);
}

TEST_F(Refreshing, RefusesATokenThatWasRevokedTogetherWithOthers) {
  is_revoked_ = true;
  EXPECT_EQ(reason_of(refresh(issue())), Reason::refresh_token_unknown);
}

// RFC 6749 section 6.
TEST_F(Refreshing, NarrowsTheScopeForOneAccessTokenAlone) {
  const auto narrow = refresh(issue(), {{"scope", "invoices.read"}});
  ASSERT_TRUE(narrow);
  EXPECT_EQ(narrow->scope, "invoices.read");
  const auto whole = refresh(std::string(narrow->refresh_token->reveal()));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->scope, "invoices.read invoices.write");
}

TEST_F(Refreshing, NeverWidensTheScope) {
  application_.scopes.push_back({"admin", false});
  const std::string token = issue();
  EXPECT_EQ(reason_of(refresh(token, {{"scope", "invoices.read admin"}})),
            Reason::scope_exceeds_grant);
  EXPECT_TRUE(refresh(token));
}

TEST_F(Refreshing, LeavesOutScopesThatWereTakenAwayMeanwhile) {
  const std::string token = issue();
  application_.scopes = {{"invoices.read", true}};
  EXPECT_EQ(reason_of(refresh(token, {{"scope", "invoices.write"}})), Reason::scope_not_allowed);
  EXPECT_EQ(refresh(token)->scope, "invoices.read");
}

std::string both() { return kApi + " " + kOther; }

TEST_F(Refreshing, KeepsTheAudienceOfTheGrant) {
  const auto token = refresh(issue());
  ASSERT_TRUE(token);
  EXPECT_EQ(find(token->access_token)->audience, both());
  EXPECT_EQ(trace_.audience, both());
}

// RFC 8707 section 2.2.
TEST_F(Refreshing, NarrowsTheAudienceForOneAccessTokenAlone) {
  const auto narrow = refresh(issue(), {{"resource", kOther}});
  ASSERT_TRUE(narrow);
  EXPECT_EQ(find(narrow->access_token)->audience, kOther);
  const auto whole = refresh(std::string(narrow->refresh_token->reveal()));
  EXPECT_EQ(find(whole->access_token)->audience, both());
}

TEST_F(Refreshing, NeverWidensTheAudience) {
  application_.resources = {kApi, kOther, "https://third.example"};
  const std::string token = issue();
  EXPECT_EQ(reason_of(refresh(token, {{"resource", "https://third.example"}})),
            Reason::resource_not_allowed);
  EXPECT_TRUE(refresh(token));
}

// Whoever asked for another audience must not take the first answer for the one to this request.
TEST_F(Refreshing, GivesNoAnswerAgainThatIsForAnotherAudience) {
  const std::string token = issue();
  const auto first = refresh(token, {{"resource", kApi}});
  ASSERT_TRUE(first);
  EXPECT_EQ(reason_of(refresh(token, {{"resource", kOther}})), Reason::resource_not_allowed);
  const auto again = refresh(token, {{"resource", kApi}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->access_token.reveal(), first->access_token.reveal());
  EXPECT_EQ(trace_.audience, kApi);
}

// An operator's switch for all: what was granted once cannot be used up later.
TEST_F(Refreshing, IsRefusedToADisabledApplication) {
  const std::string token = issue();
  application_.enabled = false;
  EXPECT_EQ(reason_of(refresh(token)), Reason::client_disabled);
}

TEST_F(Refreshing, NeedNotBeAmongTheGrantsOfTheApplication) {
  application_.grants = {registry::GrantType::jwt_bearer};
  EXPECT_TRUE(refresh(issue()));
}

} // namespace
} // namespace assay::oauth
