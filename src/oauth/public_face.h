// What a client may see of a refusal: a standard error code and a sentence that gives nothing away.
#pragma once

#include <string_view>

#include "base/refusal.h"

namespace assay::oauth {

struct PublicFace {
  unsigned status;              // HTTP
  std::string_view error;       // RFC 6749 section 5.2; invalid_token: RFC 6750 section 3.1
  std::string_view description; // within the characters that section allows
};

// The only place that decides it. Every invalid_client is a 401, whether the client used the
// Authorization header or not: RFC 6749 section 5.2 allows it, and clients see one rule.
PublicFace public_face(Reason reason);

// The same at a protected API (RFC 6750 section 3.1), where a token that does not count is a 401.
PublicFace bearer_face(Reason reason);

} // namespace assay::oauth
