#include "contract/token_store_contract.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "stores/open.h"
#include "support/scratch_folder.h"
#include "support/tasks.h"
#include "support/tokens.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::Issue;
using oauth::IssueOutcome;
using oauth::TokenKey;
using oauth::TokenKind;
using oauth::TokenRecord;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::record_of;
using testing::result_of;
using testing::results_of;
using testing::token_text;

void PrintTo(const TokenStoreBackEnd& back_end, std::ostream* out) { *out << back_end.name; }

namespace {

class TokenStoreContract : public ::testing::TestWithParam<TokenStoreBackEnd> {
protected:
  stores::OpenTokenStore open() const {
    return stores::open_token_store(GetParam().url, folder_.path());
  }
  bool is_durable() const { return GetParam().durability == Durability::durable; }

  IssueOutcome issue(TokenRecord record, std::optional<oauth::ReplayClaim> claim = {},
                     TimePoint now = kTokenTime) {
    return result_of(store_.store().issue({std::move(record), {}, std::move(claim)}, now));
  }
  std::optional<TokenRecord> find(const TokenKey& key, TimePoint now = kTokenTime) {
    return result_of(store_.store().find(key, now));
  }
  bool seen(const oauth::ReplayClaim& claim, TimePoint now = kTokenTime) {
    return result_of(store_.store().seen(claim, now));
  }
  bool revoke(const TokenKey& key, TimePoint now = kTokenTime) {
    return result_of(store_.store().revoke(key, now));
  }
  oauth::TokenCount count(const std::optional<std::string>& client_id = {},
                          TimePoint now = kTokenTime) {
    return store_.catalogue().count(client_id, now);
  }

  // A pair of one family, as a service that issues refresh tokens makes it.
  struct Pair {
    TokenRecord access = hour_token("access");
    TokenRecord refresh = record_of(token_text("refresh", kTokenTime + 12h), kTokenTime + 12h);
  };
  Pair issue_pair() {
    Pair pair;
    pair.refresh.kind = TokenKind::refresh;
    pair.access.family = pair.refresh.family = "0123456789abcdef";
    EXPECT_EQ(result_of(store_.store().issue({pair.access, pair.refresh, {}}, kTokenTime)),
              IssueOutcome::stored);
    return pair;
  }

  testing::ScratchFolder folder_;
  stores::OpenTokenStore store_ = open();
};

TEST_P(TokenStoreContract, FindsATokenWithAllThatItsRecordHas) {
  TokenRecord record = hour_token("one");
  record.subject = "alice";
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
  EXPECT_EQ(found->issued_at, record.issued_at);
  EXPECT_EQ(found->expires_at, record.expires_at);
  EXPECT_EQ(found->parameters, record.parameters);
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
  const TokenRecord second = hour_token("two");
  EXPECT_EQ(issue(second, claim_of("jti")), IssueOutcome::used_before);
  EXPECT_FALSE(find(second.key));
  EXPECT_EQ(count().access, 1U);
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
  EXPECT_EQ(result_of(store_.store().claim(claim_of("jti"), kTokenTime)), IssueOutcome::stored);
  EXPECT_EQ(result_of(store_.store().claim(claim_of("jti"), kTokenTime)),
            IssueOutcome::used_before);
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
  const Pair pair = issue_pair();
  const TokenRecord stranger = hour_token("stranger");
  issue(stranger);
  EXPECT_TRUE(revoke(pair.refresh.key));
  EXPECT_FALSE(find(pair.refresh.key));
  EXPECT_FALSE(find(pair.access.key));
  EXPECT_TRUE(find(stranger.key));
}

TEST_P(TokenStoreContract, LeavesTheRefreshTokenWhenItsAccessTokenIsRevoked) {
  const Pair pair = issue_pair();
  EXPECT_TRUE(revoke(pair.access.key));
  EXPECT_TRUE(find(pair.refresh.key));
}

TEST_P(TokenStoreContract, CountsLiveTokensByKindAndApplication) {
  issue_pair();
  TokenRecord other = hour_token("other");
  other.client_id = "shipping";
  issue(other);
  EXPECT_EQ(count().access, 2U);
  EXPECT_EQ(count().refresh, 1U);
  EXPECT_EQ(count("shipping").access, 1U);
  EXPECT_EQ(count("shipping").refresh, 0U);
  EXPECT_EQ(count("nobody").access, 0U);
  EXPECT_EQ(count({}, kTokenTime + 1h).access, 0U);
  EXPECT_EQ(count({}, kTokenTime + 1h).refresh, 1U);
}

TEST_P(TokenStoreContract, PurgesWhatExpiredAndNothingElse) {
  const TimePoint soon = kTokenTime + 10s;
  for (int number = 0; number < 300; ++number)
    issue(record_of(token_text(std::to_string(number), soon), soon),
          claim_of(std::to_string(number), 60s));
  const TokenRecord live = hour_token("live");
  issue(live, claim_of("live", 5000s));

  const TimePoint later = kTokenTime + 1200s;
  const auto purged = store_.catalogue().purge(later);
  EXPECT_EQ(purged.tokens, 300U);
  EXPECT_EQ(purged.claims, 300U);
  EXPECT_TRUE(find(live.key, later));
  EXPECT_TRUE(seen(claim_of("live", 5000s), later));
  EXPECT_EQ(store_.catalogue().purge(later).tokens, 0U);
}

TEST_P(TokenStoreContract, GoesOnAfterAPurge) {
  const TimePoint soon = kTokenTime + 10s;
  const TokenRecord gone = record_of(token_text("gone", soon), soon);
  issue(gone);
  find(gone.key);
  store_.catalogue().purge(kTokenTime + 1200s);
  EXPECT_FALSE(find(gone.key, kTokenTime + 1200s));
  EXPECT_EQ(issue(hour_token("next"), claim_of("next"), kTokenTime), IssueOutcome::stored);
  EXPECT_TRUE(find(hour_token("next").key));
}

TEST_P(TokenStoreContract, SaysThatAGrantCouldBeCommitted) {
  EXPECT_NO_THROW(store_.catalogue().check());
}

TEST_P(TokenStoreContract, KeepsAllWhenItIsDurable) {
  if (!is_durable()) GTEST_SKIP() << "it is gone with the process";
  const TokenRecord record = hour_token("one");
  const TokenRecord revoked = hour_token("two");
  issue(record, claim_of("jti"));
  issue(revoked);
  revoke(revoked.key);
  store_ = {};
  store_ = open();
  EXPECT_TRUE(find(record.key));
  EXPECT_FALSE(find(revoked.key));
  EXPECT_EQ(issue(hour_token("three"), claim_of("jti")), IssueOutcome::used_before);
}

// The command line beside a running server.
TEST_P(TokenStoreContract, SharesAllWithAnotherThatIsOpenOnIt) {
  if (!is_durable()) GTEST_SKIP() << "nobody else can open it";
  const auto other = open();
  const TokenRecord record = hour_token("one");
  ASSERT_EQ(result_of(other.store().issue({record, {}, claim_of("jti")}, kTokenTime)),
            IssueOutcome::stored);
  EXPECT_TRUE(find(record.key));
  EXPECT_TRUE(seen(claim_of("jti")));
  EXPECT_EQ(issue(hour_token("two"), claim_of("jti")), IssueOutcome::used_before);
  EXPECT_TRUE(revoke(record.key));
  EXPECT_FALSE(result_of(other.store().find(record.key, kTokenTime)));

  const TimePoint later = kTokenTime + 2h;
  other.catalogue().purge(later);
  EXPECT_EQ(issue(record_of(token_text("late", later + 1h, later), later + 1h, later),
                  claim_of("late", 7500s), later),
            IssueOutcome::stored);
}

class TokenStoreRaces : public TokenStoreContract {};

// Of two copies of one assertion that arrive at the same instant, one is honoured.
TEST_P(TokenStoreRaces, HonoursEqualClaimsOfTheSameInstantOnce) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 25;
  constexpr int kCopies = 8;
  std::atomic<int> stored = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) {
        std::vector<Task<IssueOutcome>> copies;
        for (int copy = 0; copy < kCopies; ++copy) {
          const auto life = std::chrono::seconds(300 + 500 * copy);
          const std::string name =
              std::to_string(thread) + "-" + std::to_string(round) + "-" + std::to_string(copy);
          copies.push_back(store_.store().issue(
              {hour_token(name), {}, claim_of(std::to_string(round), life)}, kTokenTime));
        }
        const auto outcomes = results_of(std::move(copies));
        stored += static_cast<int>(std::ranges::count(outcomes, IssueOutcome::stored));
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(stored, kRounds);
  EXPECT_EQ(count().access, static_cast<std::uint64_t>(kRounds));
}

TEST_P(TokenStoreRaces, IsReadWrittenAndPurgedAtTheSameTime) {
  constexpr int kRounds = 100;
  std::atomic<bool> done = false;
  std::thread purging([&] {
    while (!done)
      store_.catalogue().purge(kTokenTime + 1200s);
  });
  std::thread reading([&] {
    while (!done)
      find(hour_token("0").key);
  });
  const TimePoint soon = kTokenTime + 10s;
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = std::to_string(round);
    issue(record_of(token_text(name, soon), soon), claim_of("short" + name, 20s));
    issue(hour_token(name), claim_of(name, 5000s));
  }
  done = true;
  purging.join();
  reading.join();
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_TRUE(find(hour_token(std::to_string(round)).key));
    EXPECT_TRUE(seen(claim_of(std::to_string(round), 5000s)));
  }
}

std::string name_of(const ::testing::TestParamInfo<TokenStoreBackEnd>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(All, TokenStoreContract, ::testing::ValuesIn(token_store_back_ends()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Concurrent, TokenStoreRaces, ::testing::ValuesIn(token_store_back_ends()),
                         name_of);

} // namespace
} // namespace assay::contract
