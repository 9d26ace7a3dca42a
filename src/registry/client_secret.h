// Client secrets, and what a record keeps of them.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/password_hash.h"
#include "crypto/random.h"

namespace assay::registry {

// Of a secret that was made here: what has 256 bits of chance needs no slow hash. Of one that a
// person chose: an Argon2id hash.
using KeptSecret = std::variant<crypto::Digest, crypto::PasswordHash>;

struct RegisteredSecret {
  KeptSecret kept;
  std::optional<TimePoint> not_after;
};

// A new client secret of 256 bits and what the record keeps of it.
struct NewSecret {
  Secret text;
  RegisteredSecret registered;
};
NewSecret make_client_secret(const crypto::Random& random);

// A secret that a person chose has at least so many characters. Hashing it is slow: see
// crypto::PasswordHash.
inline constexpr std::size_t kChosenSecretBytesMin = 12;
inline constexpr std::size_t kChosenSecretBytesMax = 1024;

// 64 lower-case hexadecimal digits: one digest has one spelling.
std::optional<crypto::Digest> parse_secret_digest(std::string_view hex);

} // namespace assay::registry
