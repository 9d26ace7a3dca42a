// Encryption at rest of what is good for its owner alone: authenticated, under a key that is made
// from a secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/random.h"

namespace assay::crypto {

// XChaCha20-Poly1305 under a key derived from `secret` by HKDF-SHA256 (RFC 5869). The secret has at
// least 128 bits of chance: a password has not. `purpose` keeps one use of a secret apart from
// another.
std::string seal(std::string_view text, std::string_view secret, std::string_view purpose,
                 const Random& random);

// None if it was sealed with another secret or for another purpose, or was changed.
std::optional<Secret> unseal(std::string_view sealed, std::string_view secret,
                             std::string_view purpose);

} // namespace assay::crypto
