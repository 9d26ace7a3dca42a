#include "jose/key_material.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <openssl/core_names.h>

#include "base/assert.h"
#include "jose/curves.h"
#include "jose/jwk_reader.h"
#include "jose/public_key.h"
#include "jose/rsa_members.h"

namespace assay::jose {

namespace {

// Collects a key's parameters. The numbers and texts that it is given live until finish().
class KeyBuilder {
public:
  void number(const char* parameter, const BIGNUM& value) {
    added(OSSL_PARAM_BLD_push_BN(parameters_.get(), parameter, &value));
  }
  void text(const char* parameter, const char* value) {
    added(OSSL_PARAM_BLD_push_utf8_string(parameters_.get(), parameter, value, 0));
  }
  void octets(const char* parameter, std::string_view value) {
    added(
        OSSL_PARAM_BLD_push_octet_string(parameters_.get(), parameter, value.data(), value.size()));
  }

  // Null if OpenSSL sees no key in the parameters.
  crypto::KeyHandle finish(const char* type, KeyHalf half) {
    const crypto::ParametersHandle parameters(OSSL_PARAM_BLD_to_param(parameters_.get()));
    const crypto::KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    ASSAY_ASSERT(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1,
                 "a key type that OpenSSL has");
    EVP_PKEY* key = nullptr;
    const int selection = half == KeyHalf::with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1) return nullptr;
    return crypto::KeyHandle(key);
  }

private:
  void added(int outcome) { ASSAY_ASSERT(outcome == 1, "memory"); }

  crypto::ParameterBuilderHandle parameters_{OSSL_PARAM_BLD_new()};
};

bool has_factors(const json::object& jwk) {
  return std::ranges::any_of(
      kRsaFactors, [&](const RsaMember& factor) { return jwk.contains(factor.jwk_name); });
}

KeyResult<CheckedKey> rsa_key(const json::object& jwk, KeyHalf half) {
  std::vector<RsaMember> members{kRsaModulus, kRsaExponent};
  if (half == KeyHalf::with_private) {
    if (jwk.contains("oth")) return key_fault("an RSA key may have two prime factors, not more");
    members.push_back(kRsaPrivateExponent);
    if (has_factors(jwk)) members.insert(members.end(), kRsaFactors.begin(), kRsaFactors.end());
  }

  KeyBuilder builder;
  std::vector<crypto::BignumHandle> numbers;
  for (const RsaMember& member : members) {
    auto value = number(jwk, member.jwk_name, kRsaBitsMax / 8);
    if (!value) return std::unexpected(std::move(value.error()));
    builder.number(member.openssl_name, **value);
    numbers.push_back(std::move(*value));
  }
  return CheckedKey::make(builder.finish("RSA", half));
}

KeyResult<CheckedKey> ecdsa_key(const json::object& jwk, const EcdsaCurve& curve, KeyHalf half) {
  const auto x = octets(jwk, "x", curve.coordinate_bytes);
  if (!x) return std::unexpected(x.error());
  const auto y = octets(jwk, "y", curve.coordinate_bytes);
  if (!y) return std::unexpected(y.error());

  KeyBuilder builder;
  builder.text(OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl_name);
  std::string point = "\x04"; // uncompressed (SEC 1 section 2.3.3)
  point.append(x->reveal()).append(y->reveal());
  builder.octets(OSSL_PKEY_PARAM_PUB_KEY, point);

  crypto::BignumHandle scalar;
  if (half == KeyHalf::with_private) {
    const auto d = octets(jwk, "d", curve.coordinate_bytes);
    if (!d) return std::unexpected(d.error());
    scalar.reset(BN_bin2bn(crypto::bytes_of(d->reveal()), static_cast<int>(curve.coordinate_bytes),
                           nullptr));
    ASSAY_ASSERT(scalar != nullptr, "memory");
    builder.number(OSSL_PKEY_PARAM_PRIV_KEY, *scalar);
  }
  crypto::KeyHandle key = builder.finish("EC", half);
  if (!key) return key_fault("the members x and y are no point of the curve");
  return CheckedKey::make(std::move(key));
}

KeyResult<CheckedKey> edwards_key(const json::object& jwk, const EdwardsCurve& curve,
                                  KeyHalf half) {
  const auto x = octets(jwk, "x", curve.key_bytes);
  if (!x) return std::unexpected(x.error());
  if (half == KeyHalf::public_only)
    return CheckedKey::make(crypto::KeyHandle(EVP_PKEY_new_raw_public_key_ex(
        nullptr, curve.openssl_name, nullptr, crypto::bytes_of(x->reveal()), curve.key_bytes)));

  const auto d = octets(jwk, "d", curve.key_bytes);
  if (!d) return std::unexpected(d.error());
  crypto::KeyHandle key(EVP_PKEY_new_raw_private_key_ex(
      nullptr, curve.openssl_name, nullptr, crypto::bytes_of(d->reveal()), curve.key_bytes));
  std::string derived(curve.key_bytes, '\0');
  std::size_t bytes = derived.size();
  if (key && EVP_PKEY_get_raw_public_key(
                 key.get(), reinterpret_cast<unsigned char*>(derived.data()), &bytes) != 1)
    key.reset();
  if (key && derived != x->reveal()) return key_fault("the members x and d do not belong together");
  return CheckedKey::make(std::move(key));
}

KeyResult<CheckedKey> curve_key(const json::object& jwk, std::string_view key_type, KeyHalf half) {
  const auto crv = required_text(jwk, "crv");
  if (!crv) return std::unexpected(crv.error());
  if (key_type == "EC") {
    for (const EcdsaCurve& curve : kEcdsaCurves)
      if (*crv == name(curve.type)) return ecdsa_key(jwk, curve, half);
    return key_fault("the member crv of an EC key must be P-256, P-384 or P-521");
  }
  for (const EdwardsCurve& curve : kEdwardsCurves)
    if (*crv == name(curve.type)) return edwards_key(jwk, curve, half);
  return key_fault("the member crv of an OKP key must be Ed25519 or Ed448");
}

} // namespace

bool is_known_curve(std::string_view crv) {
  const auto named = [crv](const auto& curve) { return crv == name(curve.type); };
  return std::ranges::any_of(kEcdsaCurves, named) || std::ranges::any_of(kEdwardsCurves, named);
}

KeyResult<CheckedKey> read_key_material(const json::object& jwk, KeyHalf half) {
  const crypto::ErrorQueueCleaner cleaner;
  const auto type = required_text(jwk, "kty");
  if (!type) return std::unexpected(type.error());
  if (*type == "RSA") return rsa_key(jwk, half);
  if (*type == "EC" || *type == "OKP") return curve_key(jwk, *type, half);
  return key_fault("the member kty must be RSA, EC or OKP");
}

} // namespace assay::jose
