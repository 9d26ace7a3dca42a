#include "jose/prepared_contexts.h"

#include <barrier>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "jose/jwk.h"
#include "jose/key_material.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

CheckedKey key_of(KeyType type) {
  return read_key_material(public_jwk(type), KeyHalf::public_only).value();
}

TEST(PreparedContexts, AreMadeOnceAnAlgorithm) {
  const PreparedContexts contexts(key_of(KeyType::rsa), KeyUse::verifying);
  const EVP_MD_CTX* const first = contexts.of(Algorithm::rs256);
  ASSERT_TRUE(first);
  EXPECT_EQ(contexts.of(Algorithm::rs256), first);
  EXPECT_NE(contexts.of(Algorithm::ps256), first);
}

TEST(PreparedContexts, AreNotMadeForAnAlgorithmOfOtherKeys) {
  const PreparedContexts contexts(key_of(KeyType::ed448), KeyUse::verifying);
  EXPECT_FALSE(contexts.of(Algorithm::es256));
}

// All threads begin with a key whose contexts are not made yet.
TEST(ConcurrentPreparedContexts, SignAndVerifyInManyThreadsFromTheFirstUseOn) {
  constexpr int kThreads = 4;
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey signer = parse_private_key(testing::key_of(type).to_jwk().reveal()).value();
    const Algorithm algorithm = signer.default_algorithm();
    const std::string bad = signer.sign(algorithm, "another text");
    const PublicKey key = parse_jwk(public_jwk(type)).value();
    std::barrier start(kThreads);
    std::vector<std::jthread> threads;
    for (int number = 0; number < kThreads; ++number)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (int round = 0; round < 10; ++round) {
          EXPECT_TRUE(key.verify(algorithm, "text", signer.sign(algorithm, "text"))) << name(type);
          EXPECT_FALSE(key.verify(algorithm, "text", bad)) << name(type);
        }
      });
  }
}

} // namespace
} // namespace assay::jose
