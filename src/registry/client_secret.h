// Client secrets: made here, kept only as digests. What has 256 bits of chance needs no slow hash.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace assay::registry {

struct RegisteredSecret {
  crypto::Digest digest;
  std::optional<TimePoint> not_after;
};

// A new client secret of 256 bits and what the record keeps of it.
struct NewSecret {
  Secret text;
  RegisteredSecret registered;
};
NewSecret make_client_secret(const crypto::Random& random);

// 64 lower-case hexadecimal digits: one digest has one spelling.
std::optional<crypto::Digest> parse_secret_digest(std::string_view hex);

} // namespace assay::registry
