// POST to a token service's path (RFC 6749 section 3.2): a grant as HTTP.
#pragma once

#include "base/task.h"
#include "endpoints/decision.h"
#include "endpoints/form_endpoint.h"
#include "endpoints/key_reader.h"
#include "http/message.h"
#include "oauth/dpop_verifier.h"
#include "oauth/token_service.h"
#include "oauth/token_service_settings.h"

namespace assay::endpoints {

// Thread-safe. The parts outlive the endpoint.
class TokenEndpoint {
public:
  struct Parts {
    oauth::TokenService& service;
    const KeyReader& keys;
    const oauth::DpopVerifier& proofs;
    const Books& books;
  };

  TokenEndpoint(const oauth::TokenServiceSettings& settings, const Parts& parts);

  // The request outlives the task.
  Task<http::Response> handle(const http::Request& request);

private:
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision);

  Matter matter_;
  Parts parts_;
};

} // namespace assay::endpoints
