// Refresh tokens that many present at once, each with a store of its own where stores can be
// shared.
#include <atomic>
#include <barrier>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "contract/token_store_contract.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::Redeemed;
using oauth::TokenRecord;
using testing::kTokenTime;
using testing::result_of;
using Outcome = Redeemed::Outcome;

namespace {

class TokenRedemptionRaces : public TokenStoreContract {
protected:
  static constexpr int kThreads = 16;
  static constexpr int kRounds = 12;

  // What became of a token that all threads presented at once.
  struct Tally {
    std::mutex mutex;
    int stored = 0;
    std::set<std::string> names;    // whose tokens were stored
    std::set<std::string> repeated; // the answers
    int others = 0;
  };

  static TokenRecord refresh_of(int round) {
    const std::string name = std::to_string(round);
    return *pair_of("first " + name, "family " + name).refresh;
  }

  static void note(Tally& tally, const Redeemed& redeemed, const std::string& name) {
    const std::lock_guard lock(tally.mutex);
    if (redeemed.outcome == Outcome::stored) {
      ++tally.stored;
      tally.names.insert("sealed " + name);
    } else if (redeemed.outcome == Outcome::repeated) {
      tally.repeated.insert(redeemed.sealed_answer);
    } else {
      ++tally.others;
    }
  }

  // Presents each token when all others do.
  static void present(oauth::TokenStore& store, int thread, std::barrier<>& start,
                      std::vector<Tally>& tallies) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string name = std::to_string(round) + "-" + std::to_string(thread);
      start.arrive_and_wait();
      const auto redeemed =
          result_of(store.redeem(rotation_of(refresh_of(round), name), kTokenTime));
      note(tallies[static_cast<std::size_t>(round)], redeemed, name);
    }
  }

  // `store_of` gives each thread its store.
  void race(const std::function<stores::OpenTokenStore()>& store_of) {
    for (int round = 0; round < kRounds; ++round)
      issue(refresh_of(round));
    std::vector<Tally> tallies(kRounds);
    std::barrier<> start(kThreads);
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int thread = 0; thread < kThreads; ++thread)
      threads.emplace_back([&, thread] { present(store_of().store(), thread, start, tallies); });
    threads.clear();
    for (const Tally& tally : tallies) {
      EXPECT_EQ(tally.stored, 1);
      EXPECT_EQ(tally.others, 0);
      EXPECT_EQ(tally.repeated, tally.names);
    }
    EXPECT_EQ(count().access, static_cast<std::uint64_t>(kRounds));
    EXPECT_EQ(count().refresh, static_cast<std::uint64_t>(kRounds));
  }

  // Each time exchanges what it got the last time, until there is nothing to exchange.
  static int exchange_on_and_on(oauth::TokenStore& store, TokenRecord refresh,
                                const std::string& name) {
    constexpr int kExchangesMax = 200;
    for (int number = 0; number < kExchangesMax; ++number) {
      auto rotation = rotation_of(refresh, name + "-" + std::to_string(number));
      TokenRecord next = std::get<oauth::Rotation>(rotation.change).successor;
      if (result_of(store.redeem(std::move(rotation), kTokenTime)).outcome != Outcome::stored)
        return number;
      refresh = std::move(next);
    }
    return kExchangesMax;
  }

  // `end` makes an end of the family of a token that was just rotated.
  void race_against(const std::function<void(const TokenRecord& rotated)>& end) {
    for (int round = 0; round < 10 * kRounds; ++round) {
      const TokenRecord first = refresh_of(round);
      issue(first);
      const auto rotation = rotation_of(first, "second " + std::to_string(round));
      redeem(rotation);
      std::barrier start(2);
      std::jthread exchanging([&] {
        start.arrive_and_wait();
        exchange_on_and_on(store_.store(), std::get<oauth::Rotation>(rotation.change).successor,
                           std::to_string(round));
      });
      start.arrive_and_wait();
      end(first);
    }
    EXPECT_EQ(count().access, 0U);
    EXPECT_EQ(count().refresh, 0U);
  }
};

TEST_P(TokenRedemptionRaces, MakeARefreshTokenAnotherOnce) {
  race([this] { return store_; });
}

TEST_P(TokenRedemptionRaces, MakeARefreshTokenAnotherOnceAcrossProcesses) {
  if (GetParam().durability != Durability::durable) return;
  race([this] { return open(); });
}

// No new token may slip through between the members that a revocation has erased.
TEST_P(TokenRedemptionRaces, LeaveNothingOfAFamilyThatIsRevokedMeanwhile) {
  race_against([this](const TokenRecord& rotated) { EXPECT_TRUE(revoke(rotated.key)); });
}

TEST_P(TokenRedemptionRaces, LeaveNothingOfAFamilyWhoseOldTokenIsUsedAgainMeanwhile) {
  race_against([this](const TokenRecord& rotated) {
    EXPECT_EQ(redeem(rotation_of(rotated, "again"), kTokenTime + kGrace).outcome, Outcome::reused);
  });
}

INSTANTIATE_TEST_SUITE_P(Concurrent, TokenRedemptionRaces,
                         ::testing::ValuesIn(token_store_back_ends()), name_of);

} // namespace
} // namespace assay::contract
