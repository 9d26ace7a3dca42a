// OpenSSL's key from the members of a JWK (RFC 7518 section 6, RFC 8037 section 2).
// Internal to jose/.
#pragma once

#include <string_view>

#include "base/strict_json.h"
#include "jose/checked_key.h"

namespace assay::jose {

enum class KeyHalf { public_only, with_private };

// The key that the members describe; for with_private, `d` too, and for RSA its factors, all or
// none of them (RFC 7518 section 6.3.2). Whether the halves belong together is not looked at,
// except on the Edwards curves.
KeyResult<CheckedKey> read_key_material(const json::object& jwk, KeyHalf half);

// True for a `crv` that read_key_material() takes.
bool is_known_curve(std::string_view crv);

} // namespace assay::jose
