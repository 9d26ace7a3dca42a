// What a client may see of a refusal: a standard error code and a sentence that gives nothing away.
#pragma once

#include <string_view>

#include "base/refusal.h"

namespace assay::oauth {

struct PublicFace {
  unsigned status;              // HTTP
  std::string_view error;       // RFC 6749 section 5.2
  std::string_view description; // within the characters that section allows
};

// The only place that decides it. An invalid_client becomes a 401 with WWW-Authenticate where the
// client used the Authorization header: the endpoint knows that.
PublicFace public_face(Reason reason);

} // namespace assay::oauth
