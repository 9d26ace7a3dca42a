#include "oauth/proof_memory.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

crypto::Digest proof(int number) { return crypto::sha256(std::to_string(number)); }

TEST(ProofMemory, TakesAProofOnceUntilItIsOver) {
  ProofMemory memory(1000);
  EXPECT_TRUE(memory.take(proof(1), kNow + 90s, kNow));
  EXPECT_FALSE(memory.take(proof(1), kNow + 90s, kNow));
  EXPECT_FALSE(memory.take(proof(1), kNow + 90s, kNow + 90s - 1us));
  EXPECT_TRUE(memory.take(proof(2), kNow + 90s, kNow));
}

// A sender that signs one jti twice, at two times, has two proofs with one claim.
TEST(ProofMemory, KnowsAProofByItsClaimWheneverItEnds) {
  ProofMemory memory(1000);
  EXPECT_TRUE(memory.take(proof(1), kNow + 90s, kNow));
  EXPECT_FALSE(memory.take(proof(1), kNow + 300s, kNow));
}

TEST(ProofMemory, MakesRoomForNewProofsOnceOldOnesAreOver) {
  ProofMemory memory(1000);
  for (int number = 0; number < 1000; ++number)
    memory.take(proof(number), kNow + 90s, kNow);
  EXPECT_EQ(memory.size(), 1000U);
  for (int number = 1000; number < 2000; ++number)
    memory.take(proof(number), kNow + 1000s, kNow + 150s);
  EXPECT_LE(memory.size(), 1000U);
}

// Whoever could make it forget could use a stolen proof again.
TEST(ProofMemory, ForgetsNothingThatIsStillGood) {
  ProofMemory memory(10);
  for (int number = 0; number < 10; ++number)
    EXPECT_TRUE(memory.take(proof(number), kNow + 90s, kNow));
  EXPECT_THROW(memory.take(proof(10), kNow + 90s, kNow), Unavailable);
  for (int number = 0; number < 10; ++number)
    EXPECT_FALSE(memory.take(proof(number), kNow + 90s, kNow));
}

TEST(ConcurrentProofMemory, GivesEachProofToOneThread) {
  constexpr int kProofs = 2000;
  ProofMemory memory(kProofs);
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int number = 0; number < kProofs; ++number)
        if (memory.take(proof(number), kNow + 90s, kNow)) ++taken;
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(taken, kProofs);
}

} // namespace
} // namespace assay::oauth
