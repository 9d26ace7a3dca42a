// The contract with threads against each other, each with a store of its own where stores can be
// shared.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <functional>
#include <thread>

#include "contract/token_store_contract.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::record_of;
using testing::result_of;
using testing::results_of;
using testing::token_text;

namespace {

class TokenStoreRaces : public TokenStoreContract {
protected:
  static constexpr int kThreads = 4;

  // Presents each of `kRounds` assertions in `kCopies` copies, which differ in their `exp`, all at
  // once; gives how many were honoured.
  static constexpr int kRounds = 25;
  static int present_copies(oauth::TokenStore& store, const std::string& thread) {
    constexpr int kCopies = 8;
    std::ptrdiff_t honoured = 0;
    for (int round = 0; round < kRounds; ++round) {
      std::vector<Task<IssueOutcome>> copies;
      for (int copy = 0; copy < kCopies; ++copy) {
        const std::string name = thread + "-" + std::to_string(round) + "-" + std::to_string(copy);
        const auto claim = claim_of(std::to_string(round), std::chrono::seconds(300 + 500 * copy));
        copies.push_back(store.issue({hour_token(name), {}, claim}, kTokenTime));
      }
      honoured += std::ranges::count(results_of(std::move(copies)), IssueOutcome::stored);
    }
    return static_cast<int>(honoured);
  }

  static void in_threads(const std::function<void(int)>& act) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
      threads.emplace_back([&act, thread] { act(thread); });
  }
};

// Of two copies of one assertion that arrive at the same instant, one is honoured.
TEST_P(TokenStoreRaces, HonourEqualClaimsOfTheSameInstantOnce) {
  std::atomic<int> honoured = 0;
  in_threads(
      [&](int thread) { honoured += present_copies(store_.store(), std::to_string(thread)); });
  EXPECT_EQ(honoured, kRounds);
  EXPECT_EQ(count().access, static_cast<std::uint64_t>(kRounds));
}

TEST_P(TokenStoreRaces, HonourEqualClaimsOnceAcrossProcesses) {
  if (GetParam().durability != Durability::durable) return;
  std::atomic<int> honoured = 0;
  in_threads([&](int thread) {
    const auto own = open();
    honoured += present_copies(own.store(), std::to_string(thread));
  });
  EXPECT_EQ(honoured, kRounds);
  EXPECT_EQ(count().access, static_cast<std::uint64_t>(kRounds));
}

TEST_P(TokenStoreRaces, RevokeATokenOnce) {
  constexpr int kTokens = 3000;
  std::vector<Task<IssueOutcome>> issues;
  for (int token = 0; token < kTokens; ++token)
    issues.push_back(store_.store().issue({hour_token(std::to_string(token)), {}, {}}, kTokenTime));
  results_of(std::move(issues));

  std::atomic<std::ptrdiff_t> revoked = 0;
  std::barrier start(kThreads);
  in_threads([&](int) {
    std::vector<Task<bool>> revocations;
    for (int token = 0; token < kTokens; ++token)
      revocations.push_back(
          store_.store().revoke(hour_token(std::to_string(token)).key, kTokenTime));
    start.arrive_and_wait();
    revoked += std::ranges::count(results_of(std::move(revocations)), true);
  });
  EXPECT_EQ(revoked, kTokens);
}

TEST_P(TokenStoreRaces, AreReadWrittenAndPurgedAtTheSameTime) {
  std::atomic<bool> done = false;
  {
    std::jthread purging([&] {
      while (!done)
        store_.catalogue().purge(kTokenTime + 1200s);
    });
    std::jthread reading([&] {
      while (!done) {
        result_of(store_.store().find(hour_token("0").key, kTokenTime));
        store_.catalogue().count({}, kTokenTime);
      }
    });
    const TimePoint soon = kTokenTime + 10s;
    for (int round = 0; round < 4 * kRounds; ++round) {
      const std::string name = std::to_string(round);
      issue(record_of(token_text(name, soon), soon), claim_of("short" + name, 20s));
      issue(hour_token(name), claim_of(name, 5000s));
    }
    done = true;
  }
  for (int round = 0; round < 4 * kRounds; ++round) {
    EXPECT_TRUE(find(hour_token(std::to_string(round)).key));
    EXPECT_TRUE(seen(claim_of(std::to_string(round), 5000s)));
  }
}

INSTANTIATE_TEST_SUITE_P(Concurrent, TokenStoreRaces, ::testing::ValuesIn(token_store_back_ends()),
                         name_of);

} // namespace
} // namespace assay::contract
