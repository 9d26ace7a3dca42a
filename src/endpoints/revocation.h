// POST /api/oauth/revoke (RFC 7009): a client takes back a token of its own.
#pragma once

#include "base/task.h"
#include "endpoints/caller.h"
#include "http/message.h"

namespace assay::endpoints {

// Thread-safe.
class RevocationEndpoint {
public:
  explicit RevocationEndpoint(InspectionParts parts);

  Task<http::Response> handle(const http::Request& request);

private:
  // No members: RFC 7009 section 2.2 wants a 200, whatever is in it.
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision);

  InspectionParts parts_;
  Matter matter_;
};

} // namespace assay::endpoints
