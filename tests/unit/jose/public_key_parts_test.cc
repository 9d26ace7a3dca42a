#include "jose/public_key_parts.h"

#include <barrier>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "jose/jwk.h"
#include "jose/key_material.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

PublicKey::Parts parts_of(KeyType type) {
  return PublicKey::Parts(read_key_material(public_jwk(type), KeyHalf::public_only).value());
}

TEST(PublicKeyParts, MakesAContextForEachAlgorithmOnce) {
  const PublicKey::Parts parts = parts_of(KeyType::rsa);
  const EVP_MD_CTX& first = parts.prototype(Algorithm::rs256);
  EXPECT_EQ(&parts.prototype(Algorithm::rs256), &first);
  EXPECT_NE(&parts.prototype(Algorithm::ps256), &first);
}

TEST(PublicKeyParts, HasTheRawKeyOfEd25519) {
  const PublicKey::Parts parts = parts_of(KeyType::ed25519);
  EXPECT_EQ(base64url_encode(parts.ed25519), public_jwk(KeyType::ed25519).at("x").as_string());
}

// The digest of what RFC 7638 section 3 writes down, spelt out here by hand.
TEST(PublicKeyParts, HasTheThumbprintOfItsRequiredMembers) {
  const std::string x(public_jwk(KeyType::ed25519).at("x").as_string());
  EXPECT_EQ(parts_of(KeyType::ed25519).thumbprint,
            crypto::sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + x + R"("})"));
}

// All threads begin with a key whose contexts are not made yet.
TEST(ConcurrentPublicKeyParts, VerifyInManyThreadsFromTheFirstUseOn) {
  constexpr int kThreads = 4;
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& signer = testing::key_of(type);
    const Algorithm algorithm = signer.default_algorithm();
    const std::string good = signer.sign(algorithm, "text");
    const std::string bad = signer.sign(algorithm, "another text");
    const PublicKey key = parse_jwk(public_jwk(type)).value();
    std::barrier start(kThreads);
    std::vector<std::jthread> threads;
    for (int number = 0; number < kThreads; ++number)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (int round = 0; round < 10; ++round) {
          EXPECT_TRUE(key.verify(algorithm, "text", good)) << name(type);
          EXPECT_FALSE(key.verify(algorithm, "text", bad)) << name(type);
        }
      });
  }
}

} // namespace
} // namespace assay::jose
