// The header that gives a client the nonce for its next DPoP proof (RFC 9449 section 8).
#pragma once

#include "base/clock.h"
#include "http/message.h"
#include "oauth/dpop_verifier.h"

namespace assay::endpoints {

// To every answer to a request with a proof, where proofs must have one: a client that keeps to it
// is never refused for its nonce (section 8.2).
void add_nonce(http::Response& response, const http::Request& request,
               const oauth::DpopVerifier& proofs, TimePoint now);

} // namespace assay::endpoints
