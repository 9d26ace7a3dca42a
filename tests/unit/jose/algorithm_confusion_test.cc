// The attacks on JWTs that play one algorithm or one key against another, as a sender would make
// them: each text is read and verified by the registered key, and none may pass.
#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "jose/ecdsa_signature.h"
#include "jose/jwk.h"
#include "jose/jws.h"
#include "support/assertions.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

const json::object kClaims{{"iss", "billing"}};
const std::string kPayload = json::serialize(kClaims);

bool passes(const PublicKey& registered, std::string_view text) {
  const auto jws = parse_compact_jws(text);
  return jws && registered.verify(jws->header.algorithm, jws->signing_input, jws->signature);
}

std::string hmac(std::string_view key, std::string_view text) {
  std::string mac(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  return mac;
}

std::string joined(std::string_view header, std::string_view signature) {
  return signing_input(header, kPayload) + '.' + base64url_encode(signature);
}

PublicKey registered_with(KeyType type, const char* algorithm) {
  return parse_jwk(with(public_jwk(type), "alg", algorithm)).value();
}

TEST(AlgorithmConfusion, OfAnHonestSenderPasses) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& key = testing::key_of(type);
    EXPECT_TRUE(passes(key.public_key(), testing::signed_jwt(key, kClaims))) << name(type);
  }
}

// The public key is public: an HMAC under it is anybody's.
TEST(AlgorithmConfusion, WithThePublicKeyAsASecretIsRefused) {
  const PublicKey& key = testing::rsa_key().public_key();
  for (const std::string_view name : {"HS256", "hs256", "RS256"}) {
    const std::string header = R"({"alg":")" + std::string(name) + "\"}";
    for (const std::string& secret :
         {key.to_pem(), key.to_jwk(), octets_of(object_of(key.to_jwk()), "n"), std::string()})
      EXPECT_FALSE(passes(key, joined(header, hmac(secret, signing_input(header, kPayload)))));
  }
}

TEST(AlgorithmConfusion, WithNoneInAnyCaseIsRefused) {
  for (const std::string_view name : {"none", "None", "NONE", "nOnE", "NoNe", "", "null"}) {
    const std::string header = R"({"alg":")" + std::string(name) + "\"}";
    for (const KeyType type : kAllKeyTypes) {
      EXPECT_FALSE(passes(testing::key_of(type).public_key(), joined(header, "")));
      EXPECT_FALSE(passes(testing::key_of(type).public_key(), joined(header, "x")));
    }
  }
}

TEST(AlgorithmConfusion, WithAnEmptySignatureIsRefused) {
  for (const Algorithm algorithm : all_algorithms()) {
    const std::string header = R"({"alg":")" + std::string(name(algorithm)) + "\"}";
    for (const KeyType type : kAllKeyTypes)
      EXPECT_FALSE(passes(testing::key_of(type).public_key(), joined(header, "")));
  }
}

TEST(AlgorithmConfusion, OfTheTwoPaddingsOfRsaIsRefused) {
  const PrivateKey& key = testing::key_of(KeyType::rsa);
  for (const auto& [said, done] : {std::pair(Algorithm::rs256, Algorithm::ps256),
                                   std::pair(Algorithm::ps256, Algorithm::rs256)}) {
    const std::string header = R"({"alg":")" + std::string(name(said)) + "\"}";
    EXPECT_FALSE(passes(key.public_key(), testing::signed_text(key, done, header, kPayload)));
  }
}

TEST(AlgorithmConfusion, OfAKeyThatIsForOneAlgorithmIsRefused) {
  const PrivateKey& key = testing::key_of(KeyType::rsa);
  const std::string rs256 = testing::signed_jwt(key, kClaims, {{"alg", "RS256"}});
  const std::string ps256 = testing::signed_jwt(key, kClaims, {{"alg", "PS256"}});
  const PublicKey for_rs256 = registered_with(KeyType::rsa, "RS256");
  const PublicKey for_ps256 = registered_with(KeyType::rsa, "PS256");
  EXPECT_TRUE(passes(for_rs256, rs256));
  EXPECT_TRUE(passes(for_ps256, ps256));
  EXPECT_FALSE(passes(for_rs256, ps256));
  EXPECT_FALSE(passes(for_ps256, rs256));
}

// Each private key signs as itself under each name that there is.
TEST(AlgorithmConfusion, OfACurveAndAnAlgorithmIsRefused) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& key = testing::key_of(type);
    for (const Algorithm said : all_algorithms()) {
      const std::string header = R"({"alg":")" + std::string(name(said)) + "\"}";
      const std::string text = testing::signed_text(key, key.default_algorithm(), header, kPayload);
      const bool is_same = said == key.default_algorithm() ||
                           (type == KeyType::ed25519 && said == Algorithm::ed25519) ||
                           (type == KeyType::ed448 && said == Algorithm::ed448);
      EXPECT_EQ(passes(key.public_key(), text), is_same) << name(type) << ' ' << name(said);
    }
  }
}

TEST(AlgorithmConfusion, WithADerSignatureIsRefused) {
  const PrivateKey& key = testing::ec_key();
  const std::string header = R"({"alg":"ES256"})";
  const std::string input = signing_input(header, kPayload);
  const DerSignature der = ecdsa_to_der(key.sign(Algorithm::es256, input));
  EXPECT_FALSE(passes(key.public_key(), input + '.' + base64url_encode(der.view())));
}

// The sender's own key, in its own header, signs well; it is not the registered one.
TEST(AlgorithmConfusion, WithAKeyInTheHeaderIsRefused) {
  const PrivateKey stranger = generate_private_key(KeyType::ec_p256);
  const json::object jwk = object_of(stranger.public_key().to_jwk());
  for (const json::object& extras :
       {json::object{{"jwk", jwk}}, json::object{{"jku", "https://evil.example/keys"}},
        json::object{{"x5u", "https://evil.example/certificate"}},
        json::object{{"x5c", json::array{"MIIB"}}}, json::object{{"kid", "ec-1"}}}) {
    const std::string text = testing::signed_jwt(stranger, kClaims, extras);
    EXPECT_TRUE(passes(stranger.public_key(), text));
    EXPECT_FALSE(passes(testing::ec_key().public_key(), text));
  }
}

TEST(AlgorithmConfusion, WithAnExtensionIsRefused) {
  const PrivateKey& key = testing::ec_key();
  for (const json::object& extras :
       {json::object{{"crit", json::array{"exp"}}}, json::object{{"b64", false}},
        json::object{{"crit", json::array{"b64"}}, {"b64", false}}})
    EXPECT_FALSE(passes(key.public_key(), testing::signed_jwt(key, kClaims, extras)));
}

TEST(AlgorithmConfusion, WithTheSegmentsOfTwoTextsIsRefused) {
  const PrivateKey& key = testing::ec_key();
  const std::string one = testing::signed_jwt(key, {{"iss", "billing"}});
  const std::string two = testing::signed_jwt(key, {{"iss", "payroll"}});
  EXPECT_FALSE(
      passes(key.public_key(), one.substr(0, one.rfind('.')) + two.substr(two.rfind('.'))));
}

} // namespace
} // namespace assay::jose
