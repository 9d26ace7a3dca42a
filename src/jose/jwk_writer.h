// The members of a JWK (RFC 7518 section 6, RFC 8037 section 2) from OpenSSL's key. Internal to
// jose/.
#pragma once

#include "base/strict_json.h"
#include "jose/checked_key.h"

namespace assay::jose {

// The required public members in the order of RFC 7638 section 3.2: their serialisation is what a
// thumbprint is the digest of.
json::object public_members(const CheckedKey& key);

// `d`, and for RSA its factors, if the key has them. The key has a private half.
json::object private_members(const CheckedKey& key);

} // namespace assay::jose
