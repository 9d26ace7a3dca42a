// POST /api/oauth/tokeninfo: what a token is worth, in the words of the old gateway.
#pragma once

#include "base/task.h"
#include "endpoints/caller.h"
#include "http/message.h"

namespace assay::endpoints {

// Who may ask. The old gateway asked nobody for credentials.
enum class TokenInfoCallers { authenticated, anybody };

// Thread-safe. Of authenticated callers, an application is told about its own tokens, and one that
// may introspect about those for the APIs that it serves.
class TokenInfoEndpoint {
public:
  TokenInfoEndpoint(InspectionParts parts, TokenInfoCallers callers);

  Task<http::Response> handle(const http::Request& request);

private:
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision);

  Task<Result<oauth::TokenRecord>> find(const http::Request& request,
                                        const oauth::Parameters& parameters, Secret token,
                                        Decision& decision);

  InspectionParts parts_;
  TokenInfoCallers callers_;
  Matter matter_;
};

} // namespace assay::endpoints
