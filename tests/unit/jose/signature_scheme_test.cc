#include "jose/signature_scheme.h"

#include <openssl/rsa.h>

#include <gtest/gtest.h>

#include "jose/key_material.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

struct Padding {
  int mode = 0;
  int salt_bytes = 0;
  const EVP_MD* mask_digest = nullptr;
};

Padding padding_of(Algorithm algorithm) {
  const auto key = read_key_material(private_jwk(KeyType::rsa), KeyHalf::with_private);
  const crypto::DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;
  EXPECT_EQ(EVP_DigestSignInit(context.get(), &settings, digest_of(algorithm), nullptr, key->get()),
            1);
  EXPECT_TRUE(set_padding(*settings, algorithm));
  Padding padding;
  EVP_PKEY_CTX_get_rsa_padding(settings, &padding.mode);
  if (padding.mode != RSA_PKCS1_PSS_PADDING) return padding;
  EVP_PKEY_CTX_get_rsa_pss_saltlen(settings, &padding.salt_bytes);
  EVP_PKEY_CTX_get_rsa_mgf1_md(settings, &padding.mask_digest);
  return padding;
}

TEST(SignatureScheme, HasTheDigestThatTheNameSays) {
  for (const Algorithm algorithm : all_algorithms()) {
    const EVP_MD* digest = digest_of(algorithm);
    const std::string_view number = name(algorithm).substr(2);
    if (number == "256" || number == "384" || number == "512")
      EXPECT_EQ(std::to_string(8 * EVP_MD_get_size(digest)), number) << name(algorithm);
    else
      EXPECT_EQ(digest, nullptr) << name(algorithm);
  }
}

TEST(SignatureScheme, PadsRsAsPkcs1Says) {
  EXPECT_EQ(padding_of(Algorithm::rs256).mode, RSA_PKCS1_PADDING);
  EXPECT_EQ(padding_of(Algorithm::rs512).mode, RSA_PKCS1_PADDING);
}

// RFC 7518 section 3.5.
TEST(SignatureScheme, PadsPsWithASaltAndAMaskOfTheSameDigest) {
  for (const Algorithm algorithm : {Algorithm::ps256, Algorithm::ps384, Algorithm::ps512}) {
    const Padding padding = padding_of(algorithm);
    EXPECT_EQ(padding.mode, RSA_PKCS1_PSS_PADDING);
    EXPECT_EQ(padding.salt_bytes, RSA_PSS_SALTLEN_DIGEST);
    EXPECT_TRUE(EVP_MD_is_a(padding.mask_digest, EVP_MD_get0_name(digest_of(algorithm))));
  }
}

} // namespace
} // namespace assay::jose
