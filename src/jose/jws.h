// The JWS compact serialisation (RFC 7515 section 7.1) and its protected header, taken apart but
// not yet believed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strict_json.h"
#include "jose/algorithm.h"

namespace assay::jose {

struct JwsLimits {
  std::size_t bytes = 16 * 1024;
  std::size_t key_id_bytes = 256;
  std::size_t json_depth = 16;
};

struct JwsHeader {
  Algorithm algorithm;
  std::optional<std::string> key_id;
  std::optional<std::string> type; // `typ` as sent
};

// Says nothing about who made it: only PublicKey::verify() does.
struct CompactJws {
  JwsHeader header;
  std::string signing_input; // the first two segments, as sent
  std::string payload;       // decoded
  std::string signature;     // decoded
};

// Refuses everything that RFC 7515 section 5.2 and RFC 8725 let a careless reader accept: other
// than three segments, characters outside base64url (so also the JSON serialisations; but padding
// is let pass if all segments have it just as base64 does), duplicate header members, an `alg`
// outside the table, any `crit` (no extension is understood), `b64`, a `kid` that is empty, too
// long or has control characters. Never takes a key from `jwk`, `jku`, `x5c` or `x5u`: they are
// ignored, as the registered keys alone decide. Reasons: assertion_too_large, assertion_malformed,
// header_malformed, critical_header_unsupported, algorithm_unsupported.
Result<CompactJws> parse_compact_jws(std::string_view text, const JwsLimits& limits = {});

// The inverse, for signers: header and payload are JSON texts.
std::string signing_input(std::string_view header, std::string_view payload);

} // namespace assay::jose
