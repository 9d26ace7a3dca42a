// The keys that a token is bound to: of no use without them (`cnf`, RFC 7800).
#pragma once

#include <optional>
#include <string_view>

#include "base/strict_json.h"
#include "crypto/digest.h"

namespace assay::oauth {

// A value. None of both: a bearer token.
struct Confirmation {
  std::optional<crypto::Digest> key; // `jkt`: of the key of DPoP proofs (RFC 9449 section 6.1)
  std::optional<crypto::Digest> certificate; // `x5t#S256` (RFC 8705 section 3.1)

  bool empty() const { return !key && !certificate; }
  bool operator==(const Confirmation&) const = default;
};

// By which proofs it is used: "dpop", "tls" or "dpop tls"; empty for a bearer token.
std::string_view name(const Confirmation& confirmation);

// The members of `cnf`, as introspection and JWTs have them.
json::object to_members(const Confirmation& confirmation);

// The inverse; none if a member is no digest.
std::optional<Confirmation> read_confirmation(const json::object& members);

} // namespace assay::oauth
