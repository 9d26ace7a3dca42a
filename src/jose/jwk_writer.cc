#include "jose/jwk_writer.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "base/assert.h"
#include "base/base64url.h"
#include "jose/curves.h"
#include "jose/public_key.h"
#include "jose/rsa_members.h"

namespace assay::jose {

namespace {

crypto::BignumHandle parameter(const CheckedKey& key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1) return nullptr;
  return crypto::BignumHandle(number);
}

// Big-endian, with leading zeros up to that length.
std::string octets(const BIGNUM& number, std::size_t bytes) {
  std::array<unsigned char, kRsaBitsMax / 8> buffer{};
  const bool fits =
      bytes <= buffer.size() && BN_bn2binpad(&number, buffer.data(), static_cast<int>(bytes)) >= 0;
  ASSAY_ASSERT(fits, "a number of at most that length");
  std::string text = base64url_encode(std::span(buffer).first(bytes));
  OPENSSL_cleanse(buffer.data(), buffer.size());
  return text;
}

void add_number(json::object& members, const CheckedKey& key, const RsaMember& member) {
  const auto number = parameter(key, member.openssl_name);
  if (!number) return;
  const auto bytes = static_cast<std::size_t>(BN_num_bytes(number.get()));
  members.emplace(member.jwk_name, octets(*number, bytes));
}

std::string coordinate(const CheckedKey& key, const char* name) {
  const auto number = parameter(key, name);
  ASSAY_ASSERT(number != nullptr, "a key with all that its type has");
  return octets(*number, ecdsa_curve(key.type())->coordinate_bytes);
}

using RawReader = int (*)(const EVP_PKEY*, unsigned char*, std::size_t*);

std::string raw(const CheckedKey& key, RawReader read) {
  std::array<unsigned char, 57> buffer{};
  std::size_t bytes = buffer.size();
  const bool done = read(key.get(), buffer.data(), &bytes) == 1;
  ASSAY_ASSERT(done, "a key with all that its type has");
  std::string text = base64url_encode(std::span(buffer).first(bytes));
  OPENSSL_cleanse(buffer.data(), buffer.size());
  return text;
}

} // namespace

json::object public_members(const CheckedKey& key) {
  json::object members;
  switch (key.type()) {
  case KeyType::rsa:
    add_number(members, key, kRsaExponent);
    members.emplace("kty", "RSA");
    add_number(members, key, kRsaModulus);
    break;
  case KeyType::ec_p256:
  case KeyType::ec_p384:
  case KeyType::ec_p521:
    members.emplace("crv", name(key.type()));
    members.emplace("kty", "EC");
    members.emplace("x", coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X));
    members.emplace("y", coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y));
    break;
  case KeyType::ed25519:
  case KeyType::ed448:
    members.emplace("crv", name(key.type()));
    members.emplace("kty", "OKP");
    members.emplace("x", raw(key, EVP_PKEY_get_raw_public_key));
    break;
  }
  return members;
}

json::object private_members(const CheckedKey& key) {
  json::object members;
  switch (key.type()) {
  case KeyType::rsa:
    add_number(members, key, kRsaPrivateExponent);
    for (const RsaMember& factor : kRsaFactors)
      add_number(members, key, factor);
    break;
  case KeyType::ec_p256:
  case KeyType::ec_p384:
  case KeyType::ec_p521: members.emplace("d", coordinate(key, OSSL_PKEY_PARAM_PRIV_KEY)); break;
  case KeyType::ed25519:
  case KeyType::ed448: members.emplace("d", raw(key, EVP_PKEY_get_raw_private_key)); break;
  }
  return members;
}

} // namespace assay::jose
