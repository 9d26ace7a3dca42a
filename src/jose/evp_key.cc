#include "jose/evp_key.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "base/base64url.h"
#include "jose/ecdsa_signature.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, crypto::Freed<OSSL_PARAM_BLD_free>>;
using ParameterList = std::unique_ptr<OSSL_PARAM, crypto::Freed<OSSL_PARAM_free>>;

constexpr int kExponentBitsMax = 33; // A long exponent would let one request buy much CPU.

std::unexpected<KeyFault> fault(std::string what) {
  return std::unexpected(KeyFault{std::move(what)});
}

struct Curve {
  std::string_view jwk_name;
  const char* openssl_name;
  KeyType type;
};

constexpr std::array kCurves{
    Curve{"P-256", "prime256v1", KeyType::ec_p256},
    Curve{"P-384", "secp384r1", KeyType::ec_p384},
    Curve{"P-521", "secp521r1", KeyType::ec_p521},
};

struct EdwardsCurve {
  std::string_view jwk_name;
  int openssl_type;
  std::size_t key_bytes;
};

constexpr std::array kEdwardsCurves{
    EdwardsCurve{"Ed25519", EVP_PKEY_ED25519, 32},
    EdwardsCurve{"Ed448", EVP_PKEY_ED448, 57},
};

KeyResult<std::string> text_member(const json::object& jwk, std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  if (!value) return fault(fmt::format("the member {} is missing", name));
  if (!value->is_string()) return fault(fmt::format("the member {} must be a string", name));
  return std::string(value->as_string());
}

KeyResult<std::string> bytes_member(const json::object& jwk, std::string_view name) {
  const auto text = text_member(jwk, name);
  if (!text) return std::unexpected(text.error());
  auto bytes = base64url_decode(*text);
  if (!bytes || bytes->empty())
    return fault(fmt::format("the member {} must be base64url without padding", name));
  return std::move(*bytes);
}

// Base64urlUInt (RFC 7518 section 2): as few octets as the number needs.
KeyResult<crypto::BignumHandle> number_member(const json::object& jwk, std::string_view name) {
  const auto bytes = bytes_member(jwk, name);
  if (!bytes) return std::unexpected(bytes.error());
  if (bytes->front() == '\0') return fault(fmt::format("the member {} has leading zeros", name));
  return crypto::BignumHandle(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                                        static_cast<int>(bytes->size()), nullptr));
}

// Builds a key from named numbers and octet strings, which must live until finish().
class KeyBuilder {
public:
  explicit KeyBuilder(const char* type) : type_(type) {}

  KeyResult<void> number(const json::object& jwk, std::string_view member, const char* parameter) {
    auto value = number_member(jwk, member);
    if (!value) return std::unexpected(value.error());
    OSSL_PARAM_BLD_push_BN(parameters_.get(), parameter, value->get());
    numbers_.push_back(std::move(*value));
    return {};
  }
  void text(const char* parameter, const char* value) {
    OSSL_PARAM_BLD_push_utf8_string(parameters_.get(), parameter, value, 0);
  }
  void octets(const char* parameter, const std::string& value) {
    OSSL_PARAM_BLD_push_octet_string(parameters_.get(), parameter, value.data(), value.size());
  }
  crypto::KeyHandle finish(KeyHalf half) {
    const ParameterList list(OSSL_PARAM_BLD_to_param(parameters_.get()));
    const crypto::KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, type_, nullptr));
    EVP_PKEY* key = nullptr;
    const int selection = half == KeyHalf::with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (!list || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, list.get()) != 1)
      return nullptr;
    return crypto::KeyHandle(key);
  }

private:
  const char* type_;
  ParameterBuilder parameters_{OSSL_PARAM_BLD_new()};
  std::vector<crypto::BignumHandle> numbers_;
};

struct RsaMember {
  std::string_view jwk_name;
  const char* openssl_name;
};

constexpr std::array kRsaPublic{RsaMember{"n", OSSL_PKEY_PARAM_RSA_N},
                                RsaMember{"e", OSSL_PKEY_PARAM_RSA_E}};
constexpr std::array kRsaPrivate{RsaMember{"d", OSSL_PKEY_PARAM_RSA_D},
                                 RsaMember{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                 RsaMember{"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                 RsaMember{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                 RsaMember{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                 RsaMember{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};

KeyResult<crypto::KeyHandle> rsa_key(const json::object& jwk, KeyHalf half) {
  KeyBuilder builder("RSA");
  for (const RsaMember& member : kRsaPublic)
    if (auto added = builder.number(jwk, member.jwk_name, member.openssl_name); !added)
      return std::unexpected(added.error());
  if (half == KeyHalf::with_private)
    for (const RsaMember& member : kRsaPrivate)
      if (auto added = builder.number(jwk, member.jwk_name, member.openssl_name); !added)
        return std::unexpected(added.error());
  auto key = builder.finish(half);
  if (!key) return fault("n and e are no RSA key");
  return key;
}

KeyResult<std::string> coordinate(const json::object& jwk, std::string_view name,
                                  std::size_t bytes) {
  auto value = bytes_member(jwk, name);
  if (value && value->size() != bytes)
    return fault(fmt::format("the member {} must have {} bytes on this curve", name, bytes));
  return value;
}

KeyResult<crypto::KeyHandle> ec_key(const json::object& jwk, KeyHalf half) {
  const auto name = text_member(jwk, "crv");
  if (!name) return std::unexpected(name.error());
  const auto* curve = std::ranges::find(kCurves, *name, &Curve::jwk_name);
  if (curve == kCurves.end()) return fault("the curve must be P-256, P-384 or P-521");

  const std::size_t bytes = ecdsa_signature_bytes(curve->type) / 2;
  const auto x = coordinate(jwk, "x", bytes);
  if (!x) return std::unexpected(x.error());
  const auto y = coordinate(jwk, "y", bytes);
  if (!y) return std::unexpected(y.error());

  KeyBuilder builder("EC");
  const std::string point = std::string("\x04") + *x + *y; // uncompressed (SEC 1 section 2.3.3)
  builder.text(OSSL_PKEY_PARAM_GROUP_NAME, curve->openssl_name);
  builder.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
  if (half == KeyHalf::with_private)
    if (auto added = builder.number(jwk, "d", OSSL_PKEY_PARAM_PRIV_KEY); !added)
      return std::unexpected(added.error());
  // A point off the curve would leak bits of whoever multiplies it; OpenSSL refuses it here.
  auto key = builder.finish(half);
  if (!key) return fault("x and y are no point of the curve");
  return key;
}

KeyResult<crypto::KeyHandle> edwards_key(const json::object& jwk, KeyHalf half) {
  const auto name = text_member(jwk, "crv");
  if (!name) return std::unexpected(name.error());
  const auto* curve = std::ranges::find(kEdwardsCurves, *name, &EdwardsCurve::jwk_name);
  if (curve == kEdwardsCurves.end()) return fault("the curve must be Ed25519 or Ed448");

  const auto x = coordinate(jwk, "x", curve->key_bytes);
  if (!x) return std::unexpected(x.error());
  if (half == KeyHalf::public_only)
    return crypto::KeyHandle(
        EVP_PKEY_new_raw_public_key(curve->openssl_type, nullptr,
                                    reinterpret_cast<const unsigned char*>(x->data()), x->size()));
  const auto d = coordinate(jwk, "d", curve->key_bytes);
  if (!d) return std::unexpected(d.error());
  return crypto::KeyHandle(EVP_PKEY_new_raw_private_key(
      curve->openssl_type, nullptr, reinterpret_cast<const unsigned char*>(d->data()), d->size()));
}

std::string number_text(const EVP_PKEY& key, const char* parameter, std::size_t bytes = 0) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(&key, parameter, &raw) != 1) return {};
  const crypto::BignumHandle number(raw);
  if (bytes == 0) bytes = static_cast<std::size_t>(BN_num_bytes(raw));
  std::vector<unsigned char> out(bytes);
  BN_bn2binpad(raw, out.data(), static_cast<int>(bytes));
  return base64url_encode(out);
}

using RawGetter = int (*)(const EVP_PKEY*, unsigned char*, std::size_t*);

std::string raw_text(const EVP_PKEY& key, RawGetter get) {
  std::array<unsigned char, 64> out{};
  std::size_t length = out.size();
  if (get(&key, out.data(), &length) != 1) return {};
  return base64url_encode(std::span(out.data(), length));
}

} // namespace

KeyResult<crypto::KeyHandle> evp_key_from_jwk(const json::object& jwk, KeyHalf half) {
  const auto type = text_member(jwk, "kty");
  if (!type) return std::unexpected(type.error());
  if (*type == "RSA") return rsa_key(jwk, half);
  if (*type == "EC") return ec_key(jwk, half);
  if (*type == "OKP") return edwards_key(jwk, half);
  return fault("the key type must be RSA, EC or OKP");
}

const char* curve_name(KeyType type) {
  const auto* curve = std::ranges::find(kCurves, type, &Curve::type);
  return curve == kCurves.end() ? nullptr : curve->openssl_name;
}

std::optional<KeyType> type_of(const EVP_PKEY& key) {
  switch (EVP_PKEY_get_base_id(&key)) {
  case EVP_PKEY_RSA: return KeyType::rsa;
  case EVP_PKEY_ED25519: return KeyType::ed25519;
  case EVP_PKEY_ED448: return KeyType::ed448;
  case EVP_PKEY_EC: break;
  default: return std::nullopt;
  }
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) != 1) return std::nullopt;
  const auto* curve =
      std::ranges::find(kCurves, std::string_view(group.data()),
                        [](const Curve& c) { return std::string_view(c.openssl_name); });
  if (curve == kCurves.end()) return std::nullopt;
  return curve->type;
}

KeyResult<void> check_strength(const EVP_PKEY& key, KeyType type) {
  if (type != KeyType::rsa) return {};
  const int bits = EVP_PKEY_get_bits(&key);
  if (bits < kRsaBitsMin)
    return fault(
        fmt::format("an RSA key needs at least {} bits, this one has {}", kRsaBitsMin, bits));
  if (bits > kRsaBitsMax)
    return fault(
        fmt::format("an RSA key may have at most {} bits, this one has {}", kRsaBitsMax, bits));
  BIGNUM* raw = nullptr;
  EVP_PKEY_get_bn_param(&key, OSSL_PKEY_PARAM_RSA_E, &raw);
  const crypto::BignumHandle exponent(raw);
  if (!raw || !BN_is_odd(raw) || BN_is_one(raw) || BN_num_bits(raw) > kExponentBitsMax)
    return fault("the RSA exponent must be odd, at least 3 and at most 33 bits long");
  return {};
}

json::object public_members(const EVP_PKEY& key, KeyType type) {
  switch (type) {
  case KeyType::rsa:
    return {{"e", number_text(key, OSSL_PKEY_PARAM_RSA_E)},
            {"kty", "RSA"},
            {"n", number_text(key, OSSL_PKEY_PARAM_RSA_N)}};
  case KeyType::ec_p256:
  case KeyType::ec_p384:
  case KeyType::ec_p521: {
    const std::size_t bytes = ecdsa_signature_bytes(type) / 2;
    return {{"crv", name(type)},
            {"kty", "EC"},
            {"x", number_text(key, OSSL_PKEY_PARAM_EC_PUB_X, bytes)},
            {"y", number_text(key, OSSL_PKEY_PARAM_EC_PUB_Y, bytes)}};
  }
  case KeyType::ed25519:
  case KeyType::ed448:
    return {{"crv", name(type)}, {"kty", "OKP"}, {"x", raw_text(key, EVP_PKEY_get_raw_public_key)}};
  }
  return {};
}

json::object private_members(const EVP_PKEY& key, KeyType type) {
  json::object members;
  switch (type) {
  case KeyType::rsa:
    for (const RsaMember& member : kRsaPrivate)
      members.emplace(member.jwk_name, number_text(key, member.openssl_name));
    return members;
  case KeyType::ec_p256:
  case KeyType::ec_p384:
  case KeyType::ec_p521:
    members.emplace("d",
                    number_text(key, OSSL_PKEY_PARAM_PRIV_KEY, ecdsa_signature_bytes(type) / 2));
    return members;
  case KeyType::ed25519:
  case KeyType::ed448:
    members.emplace("d", raw_text(key, EVP_PKEY_get_raw_private_key));
    return members;
  }
  return members;
}

std::shared_ptr<PublicKey::Parts> public_parts(crypto::KeyHandle key, KeyType type) {
  auto parts = std::make_shared<PublicKey::Parts>();
  parts->type = type;
  parts->bits = EVP_PKEY_get_bits(key.get());
  parts->thumbprint = crypto::sha256(json::serialize(public_members(*key, type)));
  if (type == KeyType::ed25519) {
    std::size_t length = parts->ed25519.size();
    EVP_PKEY_get_raw_public_key(key.get(), parts->ed25519.data(), &length);
  }
  parts->key = std::move(key);
  return parts;
}

} // namespace assay::jose
