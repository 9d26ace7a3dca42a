// The members that every JWK may have, whatever its key type (RFC 7517 section 4). Internal to
// jose/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/strict_json.h"
#include "jose/public_key.h"

namespace assay::jose {

// None if it is absent; a fault if it is no string.
KeyResult<std::optional<std::string>> optional_text(const json::object& jwk, std::string_view name);

// `kid`: 1 to kKeyIdBytesMax bytes without control characters.
KeyResult<std::optional<std::string>> read_key_id(const json::object& jwk);

// `alg`: one of the table that fits a key of that type.
KeyResult<std::optional<Algorithm>> read_algorithm(const json::object& jwk, KeyType type);

} // namespace assay::jose
