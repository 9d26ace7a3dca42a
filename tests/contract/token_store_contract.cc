#include "contract/token_store_contract.h"

#include <algorithm>

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using oauth::TokenKind;
using oauth::TokenRecord;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::record_of;
using testing::token_text;

namespace {

TEST_P(TokenStoreContract, FindsATokenWithAllThatItsRecordHas) {
  TokenRecord record = hour_token("one");
  record.subject = "alice";
  record.granted_at = kTokenTime - 5h;
  record.scope = "invoices.read invoices.write";
  record.audience = "https://a.example https://b.example";
  record.parameters = {{"tenant", "north"}, {"tier", "gold \"1\""}};
  ASSERT_EQ(issue(record), IssueOutcome::stored);

  const auto found = find(record.key);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key.digest, record.key.digest);
  EXPECT_EQ(found->kind, TokenKind::access);
  EXPECT_EQ(found->service, record.service);
  EXPECT_EQ(found->client_id, record.client_id);
  EXPECT_EQ(found->subject, record.subject);
  EXPECT_EQ(found->scope, record.scope);
  EXPECT_EQ(found->audience, record.audience);
  EXPECT_EQ(found->token_type, record.token_type);
  EXPECT_EQ(found->granted_at, record.granted_at);
  EXPECT_EQ(found->issued_at, record.issued_at);
  EXPECT_EQ(found->expires_at, record.expires_at);
  EXPECT_EQ(found->parameters, record.parameters);
}

TEST_P(TokenStoreContract, KeepsWhatATokenIsBoundTo) {
  const auto key = crypto::sha256("key");
  const auto certificate = crypto::sha256("certificate");
  int number = 0;
  for (const oauth::Confirmation& confirmation :
       {oauth::Confirmation{}, {key, {}}, {{}, certificate}, {key, certificate}}) {
    TokenRecord record = hour_token(std::to_string(++number));
    record.confirmation = confirmation;
    ASSERT_EQ(issue(record), IssueOutcome::stored);
    const auto found = find(record.key);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->confirmation, confirmation);
  }
}

TEST_P(TokenStoreContract, KeepsAnyText) {
  TokenRecord record = hour_token("one");
  record.subject = "caf\xC3\xA9 'quoted' \"twice\"";
  record.scope = "";
  record.audience = std::string(5000, 'a');
  record.parameters = {{"", ""}, {"same", "1"}, {"same", "2"}, {"zero", std::string(1, '\0')}};
  issue(record);
  const auto found = find(record.key);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->subject, record.subject);
  EXPECT_EQ(found->scope, record.scope);
  EXPECT_EQ(found->audience, record.audience);
  EXPECT_EQ(found->parameters, record.parameters);
}

TEST_P(TokenStoreContract, FindsBothTokensOfAPair) {
  const oauth::Issue pair = pair_of("one", "red");
  EXPECT_EQ(issue(pair), IssueOutcome::stored);
  const auto access = find(pair.access.key);
  const auto refresh = find(pair.refresh->key);
  ASSERT_TRUE(access && refresh);
  EXPECT_EQ(access->kind, TokenKind::access);
  EXPECT_EQ(refresh->kind, TokenKind::refresh);
  EXPECT_EQ(access->family, "red");
  EXPECT_EQ(refresh->family, "red");
}

TEST_P(TokenStoreContract, FindsNothingThatWasNotIssued) {
  issue(hour_token("one"));
  EXPECT_FALSE(find(hour_token("two").key));
  EXPECT_FALSE(find(oauth::token_key("")));
  EXPECT_FALSE(find(oauth::token_key(std::string(54, '-'))));
}

TEST_P(TokenStoreContract, FindsATokenUntilItExpires) {
  const TokenRecord record = hour_token("one");
  issue(record);
  EXPECT_TRUE(find(record.key, record.expires_at - 1us));
  EXPECT_FALSE(find(record.key, record.expires_at));
}

TEST_P(TokenStoreContract, FindsTokensThatAreTooShortToTellWhereTheyAre) {
  const TokenRecord record = record_of("only22characters-long_", kTokenTime + 1h);
  ASSERT_FALSE(record.key.locator);
  issue(record);
  EXPECT_TRUE(find(record.key));
  EXPECT_TRUE(revoke(record.key));
  EXPECT_FALSE(find(record.key));
}

TEST_P(TokenStoreContract, KeepsTokensOfAllLifetimes) {
  std::vector<TokenRecord> records;
  for (const auto lifetime : {1s, 10s, 3600s, 86'400s, 31'536'000s}) {
    const TimePoint expires_at = kTokenTime + lifetime;
    records.push_back(record_of(token_text("one", expires_at), expires_at));
    issue(records.back());
  }
  for (const TokenRecord& record : records)
    EXPECT_TRUE(find(record.key));
}

TEST_P(TokenStoreContract, HonoursAClaimOnce) {
  EXPECT_EQ(issue(hour_token("one"), claim_of("jti")), IssueOutcome::stored);
  EXPECT_EQ(issue(hour_token("two"), claim_of("jti")), IssueOutcome::used_before);
  EXPECT_EQ(issue(hour_token("three"), claim_of("other")), IssueOutcome::stored);
}

// An attacker cannot make a used jti fresh by another `exp`.
TEST_P(TokenStoreContract, HonoursAClaimOnceWhateverItsEnd) {
  for (const auto life : {10s, 330s, 5000s, 90'000s}) {
    const std::string jti = std::to_string(life.count());
    EXPECT_EQ(issue(hour_token("first" + jti), claim_of(jti, life)), IssueOutcome::stored);
    for (const auto other_life : {1s, 331s, 700s, 5001s, 100'000s})
      EXPECT_EQ(issue(hour_token("second" + jti), claim_of(jti, other_life)),
                IssueOutcome::used_before);
  }
}

TEST_P(TokenStoreContract, StoresNothingWhenTheClaimWasTaken) {
  issue(hour_token("one"), claim_of("jti"));
  oauth::Issue second = pair_of("two", "red");
  second.claim = claim_of("jti");
  EXPECT_EQ(issue(second), IssueOutcome::used_before);
  EXPECT_FALSE(find(second.access.key));
  EXPECT_FALSE(find(second.refresh->key));
  EXPECT_EQ(count().access, 1U);
  EXPECT_EQ(count().refresh, 0U);
}

TEST_P(TokenStoreContract, ForgetsAClaimOnceItsAssertionIsRefusedAsExpiredAnyway) {
  const auto claim = claim_of("jti", 330s);
  issue(hour_token("one"), claim);
  EXPECT_TRUE(seen(claim, kTokenTime + 330s - 1us));
  EXPECT_FALSE(seen(claim, kTokenTime + 330s));
  EXPECT_EQ(issue(hour_token("two"), claim_of("jti", 1000s), kTokenTime + 330s),
            IssueOutcome::stored);
}

TEST_P(TokenStoreContract, TakesAClaimAlone) {
  EXPECT_EQ(claim(claim_of("jti")), IssueOutcome::stored);
  EXPECT_EQ(claim(claim_of("jti")), IssueOutcome::used_before);
  EXPECT_EQ(issue(hour_token("one"), claim_of("jti")), IssueOutcome::used_before);
}

TEST_P(TokenStoreContract, LooksAtAClaimWithoutTakingIt) {
  EXPECT_FALSE(seen(claim_of("jti")));
  EXPECT_FALSE(seen(claim_of("jti")));
  EXPECT_EQ(issue(hour_token("one"), claim_of("jti")), IssueOutcome::stored);
  EXPECT_TRUE(seen(claim_of("jti")));
}

TEST_P(TokenStoreContract, RevokesATokenOnce) {
  const TokenRecord record = hour_token("one");
  const TokenRecord other = hour_token("two");
  issue(record);
  issue(other);
  EXPECT_TRUE(revoke(record.key));
  EXPECT_FALSE(find(record.key));
  EXPECT_FALSE(revoke(record.key));
  EXPECT_TRUE(find(other.key));
}

TEST_P(TokenStoreContract, RevokesNothingThatIsNotLive) {
  const TokenRecord record = hour_token("one");
  EXPECT_FALSE(revoke(record.key));
  issue(record);
  EXPECT_FALSE(revoke(record.key, record.expires_at));
}

// RFC 7009 section 2.1.
TEST_P(TokenStoreContract, RevokesTheFamilyWithItsRefreshToken) {
  const oauth::Issue pair = pair_of("one", "red");
  issue(pair);
  const TokenRecord stranger = hour_token("stranger");
  issue(stranger);
  EXPECT_TRUE(revoke(pair.refresh->key));
  EXPECT_FALSE(find(pair.refresh->key));
  EXPECT_FALSE(find(pair.access.key));
  EXPECT_TRUE(find(stranger.key));
}

// Each use of a refresh token makes new ones; whoever revokes one of them means all.
TEST_P(TokenStoreContract, RevokesAllThatTheFamilyEverGot) {
  const oauth::Issue first = pair_of("first", "red");
  const oauth::Issue second = pair_of("second", "red");
  TokenRecord alone = record_of(token_text("alone", kTokenTime + 300s), kTokenTime + 300s);
  alone.family = "red";
  const oauth::Issue others = pair_of("others", "blue");
  issue(first);
  issue(second);
  issue(alone);
  issue(others);
  EXPECT_TRUE(revoke(second.refresh->key));
  for (const TokenRecord& gone : {first.access, *first.refresh, second.access, alone})
    EXPECT_FALSE(find(gone.key));
  EXPECT_TRUE(find(others.access.key));
  EXPECT_TRUE(find(others.refresh->key));
  EXPECT_FALSE(revoke(first.refresh->key));
}

TEST_P(TokenStoreContract, LeavesTheRefreshTokenWhenItsAccessTokenIsRevoked) {
  const oauth::Issue pair = pair_of("one", "red");
  issue(pair);
  EXPECT_TRUE(revoke(pair.access.key));
  EXPECT_TRUE(find(pair.refresh->key));
}

INSTANTIATE_TEST_SUITE_P(All, TokenStoreContract, ::testing::ValuesIn(token_store_back_ends()),
                         name_of);

} // namespace
} // namespace assay::contract
