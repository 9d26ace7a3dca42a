// POST to a token service's path (RFC 6749 section 3.2): a grant as HTTP.
#pragma once

#include "base/task.h"
#include "endpoints/decision.h"
#include "endpoints/form_endpoint.h"
#include "http/message.h"
#include "oauth/token_service.h"
#include "oauth/token_service_settings.h"

namespace assay::endpoints {

// Thread-safe. The service and the books outlive the endpoint.
class TokenEndpoint {
public:
  TokenEndpoint(const oauth::TokenServiceSettings& settings, oauth::TokenService& service,
                const Books& books);

  // The request outlives the task.
  Task<http::Response> handle(const http::Request& request);

private:
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision);

  Matter matter_;
  oauth::TokenService& service_;
  const Books& books_;
};

} // namespace assay::endpoints
