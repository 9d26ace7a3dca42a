// What is particular to RSA: two paddings, and keys of several sizes.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/memory_bio.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

constexpr std::array kRsaAlgorithms{Algorithm::rs256, Algorithm::rs384, Algorithm::rs512,
                                    Algorithm::ps256, Algorithm::ps384, Algorithm::ps512};

const PrivateKey& signer() { return testing::key_of(KeyType::rsa); }

TEST(Rsa, KeepsItsAlgorithmsApart) {
  for (const Algorithm with : kRsaAlgorithms) {
    const std::string signature = signer().sign(with, "text");
    for (const Algorithm algorithm : kRsaAlgorithms)
      EXPECT_EQ(signer().public_key().verify(algorithm, "text", signature), algorithm == with)
          << name(with) << " as " << name(algorithm);
  }
}

TEST(Rsa, SignsTheSameWithPkcs1AndDifferentlyWithPss) {
  EXPECT_EQ(signer().sign(Algorithm::rs256, "text"), signer().sign(Algorithm::rs256, "text"));
  EXPECT_NE(signer().sign(Algorithm::ps256, "text"), signer().sign(Algorithm::ps256, "text"));
}

TEST(Rsa, SignsAsLongAsItsModulus) {
  for (const Algorithm algorithm : kRsaAlgorithms)
    EXPECT_EQ(signer().sign(algorithm, "text").size(), 256U) << name(algorithm);
}

// RFC 7518 section 3.5: the salt is as long as the hash. A signer with another length is refused.
TEST(Rsa, RefusesAPssSaltOfAnotherLength) {
  const Secret pem = signer().to_pem();
  const crypto::BioHandle bio = crypto::reading_bio(pem.reveal());
  const crypto::KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  for (const int salt_bytes : {32, 0, 20, 222}) {
    const crypto::DigestContextHandle context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;
    EVP_DigestSignInit(context.get(), &settings, EVP_sha256(), nullptr, key.get());
    EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, salt_bytes);
    std::string signature(256, '\0');
    std::size_t bytes = signature.size();
    const unsigned char text[] = {'t', 'e', 'x', 't'};
    ASSERT_EQ(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                             &bytes, text, sizeof text),
              1);
    EXPECT_EQ(signer().public_key().verify(Algorithm::ps256, "text", signature), salt_bytes == 32)
        << salt_bytes;
  }
}

// s and s + n are the same number to whoever does not look at the length.
TEST(Rsa, RefusesASignatureThatIsNotReduced) {
  const std::string signature = signer().sign(Algorithm::rs256, "text");
  const std::string modulus = octets_of(public_jwk(KeyType::rsa), "n");
  std::string sum(256, '\0');
  int carry = 0;
  for (std::size_t at = 256; at-- > 0;) {
    carry += static_cast<unsigned char>(signature[at]) + static_cast<unsigned char>(modulus[at]);
    sum[at] = static_cast<char>(carry & 0xFF);
    carry >>= 8;
  }
  const std::string unreduced = carry == 0 ? sum : static_cast<char>(carry) + sum;
  EXPECT_FALSE(signer().public_key().verify(Algorithm::rs256, "text", unreduced));
}

TEST(Rsa, VerifiesWithLargerKeys) {
  const crypto::KeyHandle made(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(3072)));
  const crypto::BioHandle bio = crypto::writing_bio();
  PEM_write_bio_PrivateKey(bio.get(), made.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const auto key = parse_private_key(crypto::written_text(*bio));
  ASSERT_TRUE(key) << key.error().what;
  EXPECT_EQ(key->public_key().bits(), 3072);
  const std::string signature = key->sign(Algorithm::ps512, "text");
  EXPECT_EQ(signature.size(), 384U);
  EXPECT_TRUE(key->public_key().verify(Algorithm::ps512, "text", signature));
}

} // namespace
} // namespace assay::jose
