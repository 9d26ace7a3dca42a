#include "jose/pem.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "crypto/memory_bio.h"
#include "support/certificates.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

std::string public_pem(KeyType type) { return testing::key_of(type).public_key().to_pem(); }

std::string certificate() { return testing::certificate_for(testing::key_of(KeyType::ec_p256)); }

std::string fault_of_pem(std::string_view text) { return fault_of(parse_pem(text)); }

constexpr std::string_view kOneBlock =
    "expected exactly one PEM block, a CERTIFICATE or a PUBLIC KEY";

TEST(Pem, GivesAPublicKeyOfEachType) {
  for (const KeyType type : kAllKeyTypes) {
    const auto key = parse_pem(public_pem(type));
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->type(), type);
    EXPECT_EQ(key->thumbprint(), testing::key_of(type).public_key().thumbprint());
    EXPECT_FALSE(key->key_id());
    EXPECT_FALSE(key->algorithm());
    EXPECT_FALSE(key->certificate());
  }
}

TEST(Pem, GivesTheKeyOfACertificateOfEachType) {
  for (const KeyType type : kAllKeyTypes) {
    const auto key = parse_pem(testing::certificate_for(testing::key_of(type)));
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->thumbprint(), testing::key_of(type).public_key().thumbprint());
    EXPECT_TRUE(key->certificate());
  }
}

TEST(Pem, MayHaveTextAroundIt) {
  EXPECT_EQ(fault_of_pem("Subject: CN=billing\n" + certificate() + "\nthe end\n"), "");
}

TEST(Pem, IsOneBlock) {
  EXPECT_EQ(fault_of_pem(""), kOneBlock);
  EXPECT_EQ(fault_of_pem("a text"), kOneBlock);
  EXPECT_EQ(fault_of_pem(certificate() + certificate()), kOneBlock);
  EXPECT_EQ(fault_of_pem(certificate() + public_pem(KeyType::rsa)), kOneBlock);
}

TEST(Pem, IsNoOtherBlock) {
  std::string text = certificate();
  for (const char* label : {"X509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST"}) {
    std::string other = text;
    other.replace(other.find("CERTIFICATE"), 11, label);
    EXPECT_EQ(fault_of_pem(other), kOneBlock) << label;
  }
}

TEST(Pem, IsNoPrivateKey) {
  for (const KeyType type : kAllKeyTypes)
    EXPECT_TRUE(
        fault_of_pem(testing::key_of(type).to_pem().reveal()).starts_with("this is a private key"));
  EXPECT_TRUE(fault_of_pem("-----BEGIN RSA PRIVATE KEY-----\n").starts_with("this is a private"));
  EXPECT_TRUE(fault_of_pem(certificate() + std::string(testing::rsa_key().to_pem().reveal()))
                  .starts_with("this is a private key"));
}

TEST(Pem, IsReadableToItsEnd) {
  std::string text = certificate();
  text.erase(text.size() / 2, 8);
  EXPECT_EQ(fault_of_pem(text), "the certificate cannot be read");
  text = public_pem(KeyType::ec_p256);
  text[text.find("MF")] = 'A';
  EXPECT_EQ(fault_of_pem(text), "the key cannot be read");
  EXPECT_EQ(fault_of_pem("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"),
            "the key cannot be read");
  EXPECT_EQ(fault_of_pem("-----BEGIN CERTIFICATE-----"), "the certificate cannot be read");
}

// OpenSSL would ask for the pass phrase.
TEST(Pem, IsNotEncrypted) {
  std::string text = public_pem(KeyType::ec_p256);
  text.insert(text.find('\n') + 1,
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n");
  EXPECT_EQ(fault_of_pem(text), "the key cannot be read");
}

TEST(Pem, IsOfALimitedLength) {
  std::string text = certificate();
  text.append(kPemBytesMax - text.size(), ' ');
  EXPECT_EQ(fault_of_pem(text), "");
  text.push_back(' ');
  EXPECT_EQ(fault_of_pem(text), "a PEM text may have at most 65536 bytes");
}

TEST(Pem, IsHeldToTheStrengthOfKeys) {
  const crypto::KeyHandle weak(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(1024)));
  const crypto::BioHandle bio = crypto::writing_bio();
  PEM_write_bio_PUBKEY(bio.get(), weak.get());
  EXPECT_EQ(fault_of_pem(crypto::written_text(*bio)),
            "an RSA key needs at least 2048 bits, this one has 1024");
}

} // namespace
} // namespace assay::jose
