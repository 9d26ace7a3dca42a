// The public keys of a JWK Set (RFC 7517 section 5).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "jose/key_fault.h"
#include "jose/public_key.h"

namespace assay::jose {

inline constexpr std::size_t kKeysInSetMax = 100;

// Skips keys that are for others to understand: of another type, curve or algorithm than those of
// our table, or for something else than verifying. A key that is understood but bad refuses the
// set, whatever the other keys are; so does a set without a key for us.
KeyResult<std::vector<PublicKey>> parse_jwk_set(std::string_view text);

} // namespace assay::jose
