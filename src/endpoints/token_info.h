// POST /api/oauth/tokeninfo: what a token is worth, in the words of the old gateway.
#pragma once

#include "base/task.h"
#include "endpoints/caller.h"
#include "http/message.h"

namespace assay::endpoints {

// Thread-safe. Unlike the gateway's, it answers authenticated callers only: an application about
// its own tokens, and one that may introspect about those for the APIs that it serves.
class TokenInfoEndpoint {
public:
  explicit TokenInfoEndpoint(InspectionParts parts);

  Task<http::Response> handle(const http::Request& request);

private:
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision);

  InspectionParts parts_;
  Matter matter_;
};

} // namespace assay::endpoints
