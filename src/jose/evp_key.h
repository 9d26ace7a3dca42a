// Between the members of a JWK (RFC 7518 section 6, RFC 8037 section 2) and OpenSSL's keys.
// Internal to jose/.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/strict_json.h"
#include "crypto/openssl.h"
#include "jose/public_key.h"

namespace assay::jose {

enum class KeyHalf { public_only, with_private };

// The key that the members describe; for with_private, `d` and, for RSA, its factors too. Refuses
// what parse_jwk() says about key material.
KeyResult<crypto::KeyHandle> evp_key_from_jwk(const json::object& jwk, KeyHalf half);

// OpenSSL's name of the curve of that type; null for a type that is no curve of ECDSA.
const char* curve_name(KeyType type);

// None for a type or curve that no algorithm of the table uses.
std::optional<KeyType> type_of(const EVP_PKEY& key);

// RSA within kRsaBitsMin and kRsaBitsMax, with a sane exponent.
KeyResult<void> check_strength(const EVP_PKEY& key, KeyType type);

// The required public members in the order of RFC 7638 section 3.2: their serialisation is the
// thumbprint's input.
json::object public_members(const EVP_PKEY& key, KeyType type);

// `d`, and for RSA `p`, `q`, `dp`, `dq`, `qi`.
json::object private_members(const EVP_PKEY& key, KeyType type);

// Parts for a PublicKey around the key; it must have passed check_strength().
std::shared_ptr<PublicKey::Parts> public_parts(crypto::KeyHandle key, KeyType type);

} // namespace assay::jose
