#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "registry/revocation_epochs.h"
#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

constexpr int kApplications = 50;
constexpr int kRounds = 20;

std::string id_of(int number) { return "app" + std::to_string(number); }

TimePoint time_of(int round) { return TimePoint(std::chrono::seconds(round)); }

TEST(ConcurrentRevocationEpochs, NeverGoBackWhileTheyAreRefreshed) {
  stores::MemoryPropertyStore store;
  RevocationEpochs epochs(store, {});
  std::atomic<bool> done = false;
  std::atomic<int> went_back = 0;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 3; ++reader)
    readers.emplace_back([&, id = id_of(reader)] {
      int revoked = 0;
      while (!done) {
        if (!epochs.is_revoked("apps", id, "alice", time_of(revoked)) && revoked > 0) ++went_back;
        while (epochs.is_revoked("apps", id, "alice", time_of(revoked + 1)))
          ++revoked;
      }
    });
  for (int round = 1; round <= kRounds; ++round) {
    for (int number = 0; number < kApplications; ++number)
      RevocationEditor(store).revoke_application("apps", id_of(number), time_of(round));
    epochs.refresh();
  }
  done = true;
  readers.clear();
  EXPECT_EQ(went_back, 0);
  EXPECT_TRUE(epochs.is_revoked("apps", id_of(kApplications - 1), "alice", time_of(kRounds)));
}

} // namespace
} // namespace assay::registry
