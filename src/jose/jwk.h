// A public key from a JWK (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2).
#pragma once

#include <string_view>

#include "base/strict_json.h"
#include "jose/key_fault.h"
#include "jose/public_key.h"

namespace assay::jose {

// Refused: private members (`d`, `k`, ...); RSA outside kRsaBitsMin to kRsaBitsMax, with an even
// modulus or an exponent that is even, below 3 or above 33 bits; numbers with leading zeros or
// coordinates of another length than the curve's; points off their curve, and on the Edwards curves
// those of small order; `use` other than "sig", `key_ops` without "verify", an `alg` that does not
// fit the key, a `kid` that is empty, too long or has control characters. Other members are ignored
// (RFC 7517 section 4), so also the certificates of `x5c`.
KeyResult<PublicKey> parse_jwk(const json::object& jwk);
KeyResult<PublicKey> parse_jwk(std::string_view text);

} // namespace assay::jose
