// The registered claims of a JWT (RFC 7519 section 4.1) and `scope` (RFC 8693 section 4.2), read
// strictly; what they mean is the business of oauth/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/strict_json.h"

namespace assay::jose {

struct ClaimLimits {
  std::size_t jti_bytes = 256;
  std::size_t text_bytes = 2048; // any other registered text claim
  std::size_t audiences = 32;
  std::size_t json_depth = 16;
};

// Dates beyond it are taken as this one, some 146,000 years from now: far enough from the end of
// TimePoint that a clock skew or a lifetime can be added without overflow.
inline constexpr TimePoint kFarthestTime{TimePoint::duration::max() / 2};

struct Claims {
  std::optional<std::string> issuer;
  std::optional<std::string> subject;
  std::optional<std::vector<std::string>> audiences; // one for the string form
  std::optional<TimePoint> expires_at;
  std::optional<TimePoint> not_before;
  std::optional<TimePoint> issued_at;
  std::optional<std::string> id; // `jti`
  std::optional<std::string> scope;
};

// NumericDates are JSON numbers, fractions allowed; strings, negative ones, ones above 2^53 and
// ones that are not finite are refused. Duplicate names at any depth are refused (RFC 7519 section
// 4 lets us). A claim of the wrong type, an empty `iss`, `sub` or `jti`, or control characters in
// one, is refused, and never taken as absent. Unknown claims are ignored; a `scope` that is not a
// string is unknown. Reason: claims_malformed.
Result<Claims> parse_claims(std::string_view payload, const ClaimLimits& limits = {});

// The same of a payload that parse_strict_json() read, for who wants further claims of it.
Result<Claims> read_claims(const json::object& members, const ClaimLimits& limits = {});

} // namespace assay::jose
