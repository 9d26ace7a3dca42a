#include "jose/checked_key.h"

#include <openssl/core_names.h>

#include <gtest/gtest.h>

#include "jose/public_key.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

constexpr std::string_view kOtherType =
    "the key must be RSA, or on P-256, P-384, P-521, Ed25519 or Ed448 by name";

crypto::KeyHandle generated(const char* type, const char* group = nullptr) {
  return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, type, group));
}

crypto::KeyHandle rsa(const BIGNUM& modulus, std::uint64_t exponent) {
  const crypto::ParameterBuilderHandle builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, &modulus);
  OSSL_PARAM_BLD_push_uint64(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent);
  const crypto::ParametersHandle parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const crypto::KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return crypto::KeyHandle(key);
}

// 2^(bits - 1) + `low`: OpenSSL does not ask whether a public modulus has two factors.
crypto::KeyHandle rsa_of(int bits, unsigned low = 1, std::uint64_t exponent = 65537) {
  const crypto::BignumHandle modulus(BN_new());
  BN_set_bit(modulus.get(), bits - 1);
  BN_add_word(modulus.get(), low);
  return rsa(*modulus, exponent);
}

crypto::KeyHandle edwards(const char* type, std::string_view raw) {
  return crypto::KeyHandle(EVP_PKEY_new_raw_public_key_ex(
      nullptr, type, nullptr, reinterpret_cast<const unsigned char*>(raw.data()), raw.size()));
}

std::string fault_of_key(crypto::KeyHandle key) {
  return fault_of(CheckedKey::make(std::move(key)));
}

TEST(CheckedKey, KnowsItsType) {
  EXPECT_EQ(CheckedKey::make(rsa_of(2048))->type(), KeyType::rsa);
  EXPECT_EQ(CheckedKey::make(generated("EC", "P-256"))->type(), KeyType::ec_p256);
  EXPECT_EQ(CheckedKey::make(generated("EC", "P-384"))->type(), KeyType::ec_p384);
  EXPECT_EQ(CheckedKey::make(generated("EC", "P-521"))->type(), KeyType::ec_p521);
  EXPECT_EQ(CheckedKey::make(generated("ED25519"))->type(), KeyType::ed25519);
  EXPECT_EQ(CheckedKey::make(generated("ED448"))->type(), KeyType::ed448);
}

TEST(CheckedKey, IsNoneIfThereIsNoKey) {
  EXPECT_EQ(fault_of_key(nullptr), "the key cannot be read");
}

TEST(CheckedKey, IsOfNoTypeOutsideTheTable) {
  EXPECT_EQ(fault_of_key(generated("X25519")), kOtherType);
  EXPECT_EQ(fault_of_key(generated("SM2")), kOtherType);
  EXPECT_EQ(fault_of_key(generated("EC", "secp256k1")), kOtherType);
  EXPECT_EQ(fault_of_key(generated("EC", "brainpoolP256r1")), kOtherType);
}

// A curve that is given by its numbers may have another generator, under which somebody else's
// public key has a private key that the sender knows (CVE-2020-0601).
TEST(CheckedKey, IsOnNoCurveThatIsGivenByItsParameters) {
  crypto::KeyHandle named = generated("EC", "P-256");
  EVP_PKEY_set_utf8_string_param(named.get(), OSSL_PKEY_PARAM_EC_ENCODING, "explicit");
  unsigned char* der = nullptr;
  const int bytes = i2d_PUBKEY(named.get(), &der);
  ASSERT_GT(bytes, 200); // a named curve takes 91
  const unsigned char* at = der;
  crypto::KeyHandle read(d2i_PUBKEY(nullptr, &at, bytes));
  OPENSSL_free(der);
  ASSERT_TRUE(read);
  EXPECT_EQ(fault_of_key(std::move(read)), kOtherType);
}

TEST(CheckedKey, HasAModulusWithinLimits) {
  EXPECT_EQ(fault_of_key(rsa_of(kRsaBitsMin)), "");
  EXPECT_EQ(fault_of_key(rsa_of(kRsaBitsMax)), "");
  EXPECT_EQ(fault_of_key(rsa_of(kRsaBitsMin - 1)),
            "an RSA key needs at least 2048 bits, this one has 2047");
  EXPECT_EQ(fault_of_key(rsa_of(kRsaBitsMax + 1)),
            "an RSA key may have at most 8192 bits, this one has 8193");
}

// Montgomery's multiplication, and with it every check, fails for an even one.
TEST(CheckedKey, HasAnOddModulus) {
  EXPECT_EQ(fault_of_key(rsa_of(2048, 2)), "the RSA modulus must be odd");
}

TEST(CheckedKey, HasASaneExponent) {
  const std::string fault = "the RSA exponent must be odd, at least 3 and at most 33 bits long";
  for (const std::uint64_t exponent : {3ULL, 17ULL, 65537ULL, (1ULL << 33U) - 1})
    EXPECT_EQ(fault_of_key(rsa_of(2048, 1, exponent)), "") << exponent;
  for (const std::uint64_t exponent : {0ULL, 1ULL, 2ULL, 65536ULL, (1ULL << 33U) + 1})
    EXPECT_EQ(fault_of_key(rsa_of(2048, 1, exponent)), fault) << exponent;
}

TEST(CheckedKey, IsOnTheEdwardsCurve) {
  std::string off_curve(32, '\0');
  off_curve.front() = 2;
  EXPECT_EQ(fault_of_key(edwards("ED25519", off_curve)),
            "the public key is no point of Ed25519 in full order");
  off_curve.resize(57);
  EXPECT_EQ(fault_of_key(edwards("ED448", off_curve)),
            "the public key is no point of Ed448 in full order");
}

TEST(CheckedKey, IsNotOfSmallOrder) {
  EXPECT_EQ(fault_of_key(edwards("ED25519", std::string(32, '\0'))),
            "the public key is no point of Ed25519 in full order");
  EXPECT_EQ(fault_of_key(edwards("ED448", std::string(57, '\0'))),
            "the public key is no point of Ed448 in full order");
}

TEST(CheckedKey, IsSharedByItsCopies) {
  const auto key = CheckedKey::make(generated("ED25519"));
  const CheckedKey copy = *key;
  EXPECT_EQ(copy.get(), key->get());
}

} // namespace
} // namespace assay::jose
