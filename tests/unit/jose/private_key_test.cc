#include "jose/private_key.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "crypto/memory_bio.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

std::string fault_of_key(std::string_view text) { return fault_of(parse_private_key(text)); }

std::string fault_of_key(const json::object& jwk) { return fault_of_key(json::serialize(jwk)); }

// The key in the form that the older `openssl` commands write: PKCS #1 or SEC 1.
std::string traditional_pem(const PrivateKey& key) {
  const Secret pem = key.to_pem();
  const crypto::BioHandle reading = crypto::reading_bio(pem.reveal());
  const crypto::KeyHandle read(PEM_read_bio_PrivateKey(reading.get(), nullptr, nullptr, nullptr));
  const crypto::BioHandle writing = crypto::writing_bio();
  PEM_write_bio_PrivateKey_traditional(writing.get(), read.get(), nullptr, nullptr, 0, nullptr,
                                       nullptr);
  return crypto::written_text(*writing);
}

std::string encrypted_pem(const PrivateKey& key) {
  const Secret pem = key.to_pem();
  const crypto::BioHandle reading = crypto::reading_bio(pem.reveal());
  const crypto::KeyHandle read(PEM_read_bio_PrivateKey(reading.get(), nullptr, nullptr, nullptr));
  const crypto::BioHandle writing = crypto::writing_bio();
  PEM_write_bio_PKCS8PrivateKey(writing.get(), read.get(), EVP_aes_128_cbc(), "opensesame", 10,
                                nullptr, nullptr);
  return crypto::written_text(*writing);
}

TEST(PrivateKey, SignsWhatItsPublicHalfVerifies) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& key = testing::key_of(type);
    for (const Algorithm algorithm : all_algorithms()) {
      if (!fits(algorithm, type)) continue;
      const std::string signature = key.sign(algorithm, "text");
      EXPECT_TRUE(key.public_key().verify(algorithm, "text", signature)) << name(algorithm);
      EXPECT_FALSE(key.public_key().verify(algorithm, "Text", signature)) << name(algorithm);
    }
  }
}

TEST(PrivateKey, SignsNothingWithAnAlgorithmThatDoesNotFit) {
  EXPECT_EQ(testing::rsa_key().sign(Algorithm::es256, "text"), "");
  EXPECT_EQ(testing::ec_key().sign(Algorithm::es384, "text"), "");
  EXPECT_EQ(testing::ed25519_key().sign(Algorithm::ed448, "text"), "");
}

TEST(PrivateKey, SignsWithItsOwnAlgorithmAlone) {
  const auto key =
      parse_private_key(json::serialize(with(private_jwk(KeyType::rsa), "alg", "PS384")));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->default_algorithm(), Algorithm::ps384);
  EXPECT_NE(key->sign(Algorithm::ps384, "text"), "");
  EXPECT_EQ(key->sign(Algorithm::rs256, "text"), "");
}

TEST(PrivateKey, HasADefaultAlgorithmForEachType) {
  const auto wanted = [](KeyType type) { return testing::key_of(type).default_algorithm(); };
  EXPECT_EQ(wanted(KeyType::rsa), Algorithm::rs256);
  EXPECT_EQ(wanted(KeyType::ec_p256), Algorithm::es256);
  EXPECT_EQ(wanted(KeyType::ec_p384), Algorithm::es384);
  EXPECT_EQ(wanted(KeyType::ec_p521), Algorithm::es512);
  EXPECT_EQ(wanted(KeyType::ed25519), Algorithm::eddsa);
  EXPECT_EQ(wanted(KeyType::ed448), Algorithm::eddsa);
}

TEST(PrivateKey, IsReadFromThePemThatItWrites) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey& key = testing::key_of(type);
    const Secret pem = key.to_pem();
    EXPECT_TRUE(pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto again = parse_private_key(pem.reveal());
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->to_jwk().reveal(), key.to_jwk().reveal()) << name(type);
  }
}

TEST(PrivateKey, IsReadFromOlderPem) {
  for (const KeyType type : {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p521}) {
    const PrivateKey& key = testing::key_of(type);
    const std::string pem = traditional_pem(key);
    EXPECT_TRUE(pem.starts_with(type == KeyType::rsa ? "-----BEGIN RSA" : "-----BEGIN EC"));
    const auto again = parse_private_key(pem);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->to_jwk().reveal(), key.to_jwk().reveal()) << name(type);
  }
}

TEST(PrivateKey, IsReadFromTheJwkThatItWrites) {
  json::object jwk = private_jwk(KeyType::ec_p384);
  jwk["kid"] = "a";
  jwk["alg"] = "ES384";
  const auto key = parse_private_key("\n " + json::serialize(jwk));
  ASSERT_TRUE(key) << key.error().what;
  EXPECT_EQ(object_of(key->to_jwk().reveal()), jwk);
}

TEST(PrivateKey, HandsItsLabelsToThePublicHalf) {
  json::object jwk = private_jwk(KeyType::ec_p256);
  jwk["kid"] = "a";
  jwk["alg"] = "ES256";
  const auto key = parse_private_key(json::serialize(jwk));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->public_key().key_id(), "a");
  EXPECT_EQ(key->public_key().algorithm(), Algorithm::es256);
  EXPECT_EQ(object_of(key->public_key().to_jwk()), without(jwk, "d"));
}

TEST(PrivateKey, GivesNothingPrivateToThePublicHalf) {
  for (const KeyType type : kAllKeyTypes) {
    const PublicKey& key = testing::key_of(type).public_key();
    EXPECT_FALSE(object_of(key.to_jwk()).contains("d"));
    EXPECT_TRUE(key.to_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
  }
}

TEST(PrivateKey, IsReadWithoutTheFactorsOfRsa) {
  json::object jwk = private_jwk(KeyType::rsa);
  for (const char* factor : {"p", "q", "dp", "dq", "qi"})
    jwk.erase(factor);
  EXPECT_EQ(fault_of_key(jwk), "");
}

// A key of which one half was exchanged would sign what nobody can verify, and an RSA key with
// wrong factors would give them away by its first signature.
TEST(PrivateKey, IsRefusedIfItsHalvesDoNotBelongTogether) {
  const std::string fault = "the private and the public half of the key do not belong together";
  const json::object rsa = private_jwk(KeyType::rsa);
  const json::object other_rsa = object_of(testing::other_rsa_key().to_jwk().reveal());
  EXPECT_EQ(fault_of_key(with(rsa, "n", other_rsa.at("n"))), fault);
  const json::object ec = private_jwk(KeyType::ec_p256);
  const json::object other_ec = object_of(testing::ec_key().to_jwk().reveal());
  EXPECT_EQ(fault_of_key(with(ec, "d", other_ec.at("d"))), fault);
}

TEST(PrivateKey, IsRefusedIfItCannotSign) {
  EXPECT_EQ(fault_of_key(with(private_jwk(KeyType::rsa), "p", "Ag")), // 2
            "the private and the public half of the key do not belong together");
}

TEST(PrivateKey, IsRefusedIfItsNumberIsOutOfRange) {
  const json::object ec = private_jwk(KeyType::ec_p256);
  EXPECT_NE(fault_of_key(with_octets(ec, "d", std::string(32, '\0'))), "");
  EXPECT_NE(fault_of_key(with_octets(ec, "d", std::string(32, '\xFF'))), "");
}

TEST(PrivateKey, IsRefusedWithoutItsPrivatePart) {
  EXPECT_EQ(fault_of_key(public_jwk(KeyType::rsa)), "the member d is missing");
  EXPECT_TRUE(
      fault_of_key(testing::rsa_key().public_key().to_pem()).starts_with("expected a private key"));
}

TEST(PrivateKey, IsRefusedForAnotherPurpose) {
  const json::object jwk = private_jwk(KeyType::ec_p256);
  EXPECT_EQ(fault_of_key(with(jwk, "use", "enc")),
            "the member use must be sig: the key is for signatures");
  EXPECT_EQ(fault_of_key(with(jwk, "key_ops", json::array{"verify"})),
            "the member key_ops must be a list with sign in it");
}

TEST(PrivateKey, IsNotAskedAPassPhrase) {
  const std::string fault = "the private key is encrypted: `openssl pkey -in FILE` decrypts it";
  EXPECT_EQ(fault_of_key(encrypted_pem(testing::ec_key())), fault);
}

TEST(PrivateKey, IsRefusedIfItCannotBeRead) {
  for (const char* text : {"", "a text", "-----BEGIN PRIVATE KEY-----\n"})
    EXPECT_TRUE(fault_of_key(text).starts_with("expected a private key")) << text;
  EXPECT_EQ(fault_of_key("{").substr(0, 8), "not JSON");
}

TEST(PrivateKey, IsHeldToTheStrengthOfKeys) {
  const crypto::KeyHandle weak(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(1024)));
  const crypto::BioHandle bio = crypto::writing_bio();
  PEM_write_bio_PrivateKey(bio.get(), weak.get(), nullptr, nullptr, 0, nullptr, nullptr);
  EXPECT_EQ(fault_of_key(crypto::written_text(*bio)),
            "an RSA key needs at least 2048 bits, this one has 1024");
}

TEST(PrivateKey, IsMadeAnewForEachType) {
  for (const KeyType type : kAllKeyTypes) {
    const PrivateKey key = generate_private_key(type, "new");
    EXPECT_EQ(key.public_key().type(), type);
    EXPECT_EQ(key.public_key().key_id(), "new");
    EXPECT_NE(key.public_key().thumbprint(), generate_private_key(type).public_key().thumbprint());
  }
  EXPECT_EQ(generate_private_key(KeyType::rsa).public_key().bits(), 2048);
}

} // namespace
} // namespace assay::jose
