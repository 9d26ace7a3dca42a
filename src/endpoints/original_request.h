// The request that a gateway asks about, as its headers tell it: what a DPoP proof is for (RFC 9449
// section 4.3).
#pragma once

#include "base/result.h"
#include "http/message.h"
#include "oauth/dpop_verifier.h"

namespace assay::endpoints {

// From X-Forwarded-Method, -Proto, -Host and -Uri, each there once. The request came from a gateway
// that sets all four: whatever a client sends under these names must not get through, or a proof
// that was stolen on its way to one URL would open all others. Reason: dpop_url_mismatch.
Result<oauth::DpopTarget> read_original_request(const http::Request& request);

} // namespace assay::endpoints
