#include "jose/checked_key.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <openssl/core_names.h>

#include "jose/curves.h"
#include "jose/ed25519.h"
#include "jose/ed448_point.h"
#include "jose/public_key.h"

namespace assay::jose {

namespace {

// As much as BoringSSL takes. A long exponent would let one request buy much CPU.
constexpr int kExponentBitsMax = 33;

std::optional<KeyType> ecdsa_type(const EVP_PKEY& key) {
  // Parameters that look like a known curve with another generator are how a signature is forged
  // for somebody else's public key (CVE-2020-0601).
  int from_parameters = 0;
  if (EVP_PKEY_get_int_param(&key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
                             &from_parameters) == 1 &&
      from_parameters != 0)
    return std::nullopt;
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) != 1) return std::nullopt;
  for (const EcdsaCurve& curve : kEcdsaCurves)
    if (std::string_view(group.data()) == curve.openssl_name) return curve.type;
  return std::nullopt;
}

std::optional<KeyType> type_of(const EVP_PKEY& key) {
  switch (EVP_PKEY_get_base_id(&key)) {
  case EVP_PKEY_RSA: return KeyType::rsa;
  case EVP_PKEY_EC: return ecdsa_type(key);
  case EVP_PKEY_ED25519: return KeyType::ed25519;
  case EVP_PKEY_ED448: return KeyType::ed448;
  default: return std::nullopt;
  }
}

crypto::BignumHandle number_of(const EVP_PKEY& key, const char* parameter) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(&key, parameter, &number) != 1) return nullptr;
  return crypto::BignumHandle(number);
}

KeyResult<void> check_rsa(const EVP_PKEY& key) {
  const int bits = EVP_PKEY_get_bits(&key);
  if (bits < kRsaBitsMin)
    return key_fault(
        fmt::format("an RSA key needs at least {} bits, this one has {}", kRsaBitsMin, bits));
  if (bits > kRsaBitsMax)
    return key_fault(
        fmt::format("an RSA key may have at most {} bits, this one has {}", kRsaBitsMax, bits));
  const auto modulus = number_of(key, OSSL_PKEY_PARAM_RSA_N);
  if (!modulus || !BN_is_odd(modulus.get())) return key_fault("the RSA modulus must be odd");
  const auto exponent = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  if (!exponent || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()) ||
      BN_num_bits(exponent.get()) > kExponentBitsMax)
    return key_fault(fmt::format(
        "the RSA exponent must be odd, at least 3 and at most {} bits long", kExponentBitsMax));
  return {};
}

bool is_edwards_point(const EVP_PKEY& key, KeyType type) {
  std::array<unsigned char, kEd448KeyBytes> encoded{};
  std::size_t bytes = encoded.size();
  if (EVP_PKEY_get_raw_public_key(&key, encoded.data(), &bytes) != 1) return false;
  return type == KeyType::ed25519
             ? is_ed25519_public_key(std::span(encoded).first<kEd25519KeyBytes>())
             : is_ed448_public_key(encoded);
}

} // namespace

KeyResult<CheckedKey> CheckedKey::make(crypto::KeyHandle key) {
  if (!key) return key_fault("the key cannot be read");
  const auto type = type_of(*key);
  if (!type)
    return key_fault("the key must be RSA, or on P-256, P-384, P-521, Ed25519 or Ed448 by name");
  if (*type == KeyType::rsa)
    if (const auto good = check_rsa(*key); !good) return std::unexpected(good.error());
  // OpenSSL has looked at the points of its other curves when it read them.
  if (edwards_curve(*type) && !is_edwards_point(*key, *type))
    return key_fault(fmt::format("the public key is no point of {} in full order", name(*type)));
  return CheckedKey(std::move(key), *type);
}

} // namespace assay::jose
