#include "crypto/digest.h"

#include <map>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

// FIPS 180-4, as in the examples of NIST.
TEST(Digest, IsThatOfTheStandard) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, OfABytewiseEqualTextIsTheSame) {
  EXPECT_EQ(sha256(std::string_view("a\0b", 3)), sha256(std::string("a\0b", 3)));
  EXPECT_NE(sha256(std::string_view("a\0b", 3)), sha256("a"));
}

TEST(Digest, WritesBase64url) {
  EXPECT_EQ(sha256("abc").base64url(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

TEST(Digest, ComparesInConstantTime) {
  EXPECT_TRUE(constant_time_equal(sha256("a"), sha256("a")));
  EXPECT_FALSE(constant_time_equal(sha256("a"), sha256("b")));
  Digest last = sha256("a");
  auto bytes = last.bytes();
  bytes.back() ^= 1U;
  EXPECT_FALSE(constant_time_equal(last, Digest(bytes)));
}

TEST(Digest, IsAKeyOfMapsAndSets) {
  std::map<Digest, int> ordered{{sha256("a"), 1}, {sha256("b"), 2}};
  EXPECT_EQ(ordered.at(sha256("b")), 2);
  const std::unordered_set<Digest, DigestHash> hashed{sha256("a")};
  EXPECT_TRUE(hashed.contains(sha256("a")));
  EXPECT_FALSE(hashed.contains(sha256("b")));
}

TEST(ConcurrentDigest, IsTheSameInEveryThread) {
  std::vector<std::jthread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round)
        EXPECT_EQ(sha256("abc").base64url(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    });
}

} // namespace
} // namespace assay::crypto
