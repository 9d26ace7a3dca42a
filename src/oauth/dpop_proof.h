// A DPoP proof (RFC 9449 section 4.2), taken apart but not yet believed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/strict_json.h"
#include "jose/jws.h"

namespace assay::oauth {

inline constexpr std::size_t kProofBytesMax = 8 * 1024;

struct DpopProof {
  jose::CompactJws jws;
  std::string id; // `jti`
  std::string method;
  std::string url;
  TimePoint issued_at;
  std::optional<std::string> nonce;
  std::optional<std::string> token_hash; // `ath`

  // As it was sent, in base64: one text is always one key.
  std::string_view header() const;
};

// The header's `jwk`: the one place where a key comes from the JWT itself. Reason: dpop_malformed.
Result<json::object> key_in(const DpopProof& proof);

// Reasons: dpop_malformed (also for another type than dpop+jwt), dpop_algorithm_unsupported.
Result<DpopProof> parse_dpop_proof(std::string_view text);

} // namespace assay::oauth
