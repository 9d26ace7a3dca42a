// POST /api/oauth/introspect (RFC 7662): a protected API asks what a token is worth.
#pragma once

#include <string>

#include "base/task.h"
#include "endpoints/caller.h"
#include "http/message.h"

namespace assay::endpoints {

// Thread-safe.
class IntrospectionEndpoint {
public:
  IntrospectionEndpoint(InspectionParts parts, std::string issuer);

  Task<http::Response> handle(const http::Request& request);

private:
  // The members of the answer: `active` alone unless the token is live and the caller may see it.
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision);

  InspectionParts parts_;
  std::string issuer_;
  Matter matter_;
};

} // namespace assay::endpoints
