#include "crypto/random.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

// Bytes 0, 1, 2, ... 255, 0, ...
Random counting() {
  return [next = 0U](std::span<unsigned char> bytes) mutable {
    for (unsigned char& byte : bytes)
      byte = static_cast<unsigned char>(next++);
  };
}

TEST(Random, FillsTheWholeSpan) {
  std::vector<unsigned char> bytes(10'000);
  secure_random(bytes);
  // Of ten thousand bytes each of the 256 values is missing with a chance below 2^-47.
  EXPECT_EQ(std::set(bytes.begin(), bytes.end()).size(), 256U);
}

TEST(Random, GivesNothingTwice) {
  std::set<std::string> seen;
  for (int round = 0; round < 1000; ++round)
    seen.insert(random_hex(16, secure_random));
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Random, WritesLettersAndDigitsOfTheLengthThatIsAskedFor) {
  for (const std::size_t length : {0U, 1U, 22U, 54U, 512U}) {
    const std::string text = random_alphanumeric(length, secure_random);
    EXPECT_EQ(text.size(), length);
    EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0; }));
  }
}

// A remainder of all 256 values would give the first eight characters a fifth more than the rest.
TEST(Random, FavoursNoCharacter) {
  std::map<char, int> counts;
  for (const char character : random_alphanumeric(62 * 40, counting()))
    ++counts[character];
  EXPECT_EQ(counts.size(), 62U);
  for (const auto& [character, count] : counts)
    EXPECT_EQ(count, 40) << character;
}

TEST(Random, FollowsItsSource) {
  EXPECT_EQ(random_alphanumeric(5, counting()), "ABCDE");
  EXPECT_EQ(random_hex(3, counting()), "000102");
}

TEST(ConcurrentRandom, GivesNothingTwiceToTwoThreads) {
  std::mutex mutex;
  std::set<std::string> seen;
  std::vector<std::jthread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        std::string text = random_hex(16, secure_random);
        const std::lock_guard lock(mutex);
        seen.insert(std::move(text));
      }
    });
  threads.clear();
  EXPECT_EQ(seen.size(), 2000U);
}

} // namespace
} // namespace assay::crypto
