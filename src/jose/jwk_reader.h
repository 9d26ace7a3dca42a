// The members of a JWK, by the types that RFC 7517 and RFC 7518 give them. Internal to jose/.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/strict_json.h"
#include "crypto/openssl.h"
#include "jose/algorithm.h"
#include "jose/key_fault.h"

namespace assay::jose {

// What a JWK or a JWK Set is as a text.
KeyResult<json::object> parse_jwk_object(std::string_view text);

// None if it is absent; a fault if it is there and no string.
KeyResult<std::optional<std::string>> optional_text(const json::object& jwk, std::string_view name);
KeyResult<std::string> required_text(const json::object& jwk, std::string_view name);

// Base64url of exactly that many bytes. Wiped after use, as it may be a private key.
KeyResult<Secret> octets(const json::object& jwk, std::string_view name, std::size_t bytes);

// Base64urlUInt (RFC 7518 section 2): above zero, in as few bytes as the number needs.
KeyResult<crypto::BignumHandle> number(const json::object& jwk, std::string_view name,
                                       std::size_t bytes_max);

// What the owner of a key says of it.
struct KeyLabels {
  std::optional<std::string> key_id;
  std::optional<Algorithm> algorithm;
};

// `kid`: 1 to kKeyIdBytesMax bytes without control characters. `alg`: one of the table that fits a
// key of that type.
KeyResult<KeyLabels> read_labels(const json::object& jwk, KeyType type);

// RFC 7517 sections 4.2 and 4.3: `use`, if there, must be "sig", and `key_ops` a list that has the
// operation, "verify" or "sign".
KeyResult<void> check_purpose(const json::object& jwk, std::string_view operation);

} // namespace assay::jose
