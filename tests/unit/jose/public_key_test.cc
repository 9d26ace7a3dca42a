#include "jose/public_key.h"

#include <gtest/gtest.h>

#include "jose/jwk.h"
#include "jose/pem.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

TEST(PublicKey, KnowsItsTypeAndSize) {
  EXPECT_EQ(testing::key_of(KeyType::rsa).public_key().bits(), 2048);
  EXPECT_EQ(testing::key_of(KeyType::ec_p256).public_key().bits(), 256);
  EXPECT_EQ(testing::key_of(KeyType::ec_p521).public_key().bits(), 521);
  EXPECT_EQ(testing::key_of(KeyType::ed448).public_key().type(), KeyType::ed448);
}

TEST(PublicKey, IsReadFromTheJwkAndThePemThatItWrites) {
  for (const KeyType type : kAllKeyTypes) {
    const PublicKey& key = testing::key_of(type).public_key();
    EXPECT_EQ(parse_jwk(key.to_jwk())->to_jwk(), key.to_jwk());
    EXPECT_EQ(parse_pem(key.to_pem())->to_pem(), key.to_pem());
  }
}

// RFC 7638 section 3.2: of the required members alone.
TEST(PublicKey, HasAThumbprintWhateverItsLabels) {
  json::object jwk = public_jwk(KeyType::rsa);
  const auto plain = parse_jwk(jwk);
  jwk["kid"] = "a";
  jwk["alg"] = "RS256";
  EXPECT_EQ(parse_jwk(jwk)->thumbprint(), plain->thumbprint());
}

TEST(PublicKey, AcceptsEveryAlgorithmOfItsType) {
  for (const KeyType type : kAllKeyTypes) {
    for (const Algorithm algorithm : all_algorithms())
      EXPECT_EQ(testing::key_of(type).public_key().accepts(algorithm), fits(algorithm, type))
          << name(type) << ' ' << name(algorithm);
  }
}

// RFC 8725bis: one key, one algorithm.
TEST(PublicKey, AcceptsItsOwnAlgorithmAlone) {
  const auto rsa = parse_jwk(with(public_jwk(KeyType::rsa), "alg", "PS256"));
  const auto ed25519 = parse_jwk(with(public_jwk(KeyType::ed25519), "alg", "Ed25519"));
  for (const Algorithm algorithm : all_algorithms()) {
    EXPECT_EQ(rsa->accepts(algorithm), algorithm == Algorithm::ps256) << name(algorithm);
    EXPECT_EQ(ed25519->accepts(algorithm), algorithm == Algorithm::ed25519) << name(algorithm);
  }
}

// Whoever forgets to ask accepts() is not to be punished with a crash, or with a yes.
TEST(PublicKey, VerifiesNothingWithAnAlgorithmThatItDoesNotAccept) {
  const auto key = parse_jwk(with(public_jwk(KeyType::rsa), "alg", "PS256"));
  const PrivateKey& signer = testing::key_of(KeyType::rsa);
  EXPECT_TRUE(key->verify(Algorithm::ps256, "text", signer.sign(Algorithm::ps256, "text")));
  for (const Algorithm algorithm : all_algorithms()) {
    if (algorithm == Algorithm::ps256) continue;
    EXPECT_FALSE(key->verify(algorithm, "text", signer.sign(algorithm, "text")));
    EXPECT_FALSE(key->verify(algorithm, "text", signer.sign(Algorithm::ps256, "text")));
  }
}

TEST(PublicKey, VerifiesWhatWasSignedAndNothingElse) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& signer = testing::key_of(type);
    const PublicKey& key = signer.public_key();
    const Algorithm algorithm = signer.default_algorithm();
    const std::string signature = signer.sign(algorithm, "text");
    EXPECT_TRUE(key.verify(algorithm, "text", signature)) << name(type);
    EXPECT_FALSE(key.verify(algorithm, "text ", signature)) << name(type);
    EXPECT_FALSE(key.verify(algorithm, "", signature)) << name(type);
  }
}

TEST(PublicKey, RefusesASignatureWithAnyByteChanged) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& signer = testing::key_of(type);
    const Algorithm algorithm = signer.default_algorithm();
    const std::string good = signer.sign(algorithm, "text");
    for (std::size_t at = 0; at < good.size(); at += good.size() / 16) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      EXPECT_FALSE(signer.public_key().verify(algorithm, "text", bad)) << name(type) << ' ' << at;
    }
  }
}

TEST(PublicKey, RefusesASignatureOfAnotherLength) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& signer = testing::key_of(type);
    const Algorithm algorithm = signer.default_algorithm();
    const std::string good = signer.sign(algorithm, "text");
    const auto verify = [&](const std::string& signature) {
      return signer.public_key().verify(algorithm, "text", signature);
    };
    EXPECT_FALSE(verify("")) << name(type);
    EXPECT_FALSE(verify(good.substr(0, good.size() - 1))) << name(type);
    EXPECT_FALSE(verify(good + '\0')) << name(type);
    EXPECT_FALSE(verify('\0' + good)) << name(type);
    EXPECT_FALSE(verify(good + good)) << name(type);
    EXPECT_FALSE(verify(std::string(good.size(), '\0'))) << name(type);
    EXPECT_FALSE(verify(std::string(100'000, 'x'))) << name(type);
  }
}

TEST(PublicKey, RefusesAnotherKeysSignature) {
  const std::string signature = testing::rsa_key().sign(Algorithm::rs256, "text");
  EXPECT_TRUE(testing::rsa_key().public_key().verify(Algorithm::rs256, "text", signature));
  EXPECT_FALSE(testing::other_rsa_key().public_key().verify(Algorithm::rs256, "text", signature));
}

// What stays there would be taken for the fault of whoever looks next: a TLS connection, say.
TEST(PublicKey, LeavesNothingInTheErrorQueue) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& signer = testing::key_of(type);
    const Algorithm algorithm = signer.default_algorithm();
    const std::string other = signer.sign(algorithm, "another text");
    EXPECT_FALSE(signer.public_key().verify(algorithm, "text", other));
    EXPECT_FALSE(signer.public_key().verify(algorithm, "text", "short"));
    EXPECT_EQ(ERR_peek_error(), 0U) << name(type);
  }
}

} // namespace
} // namespace assay::jose
