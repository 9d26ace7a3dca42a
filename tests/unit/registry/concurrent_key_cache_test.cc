#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "registry/key_cache.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

std::vector<RegisteredKey> some_keys(int count) {
  std::vector<RegisteredKey> keys;
  for (int number = 0; number < count; ++number) {
    json::object jwk = public_jwk(testing::ec_key());
    jwk["x-number"] = number;
    RegisteredKey& key = keys.emplace_back();
    key.text = json::serialize(jwk);
    key.digest = crypto::sha256(key.text);
  }
  return keys;
}

TEST(ConcurrentKeyCache, ServesThreadsThatPushEachOthersKeysOut) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 20;
  const std::vector<RegisteredKey> keys = some_keys(12);
  KeyCache cache(4);
  std::vector<std::jthread> threads;
  std::atomic<int> parsed = 0;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round)
        for (const RegisteredKey& key : keys)
          parsed += cache.parsed(key).has_value() ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(parsed, kThreads * kRounds * static_cast<int>(keys.size()));
  EXPECT_LE(cache.size(), 4U);
}

} // namespace
} // namespace assay::registry
