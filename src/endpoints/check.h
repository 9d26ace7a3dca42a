// /api/oauth/check: a gateway asks whether a request may pass, before it lets the request through
// to the API behind it (nginx auth_request, Caddy forward_auth, Envoy ext_authz).
//
//   query = *( "scope=" scopes / "match=" ("any" / "all") / "aud=" URI / "errors=401" )
//           [ "for=" anything ]
//
// The token is the one that the request itself carries (RFC 6750 section 2.1). Scopes are all
// demanded unless match=any; of several audiences one must fit, and without any it is the issuer.
#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "endpoints/decision.h"
#include "endpoints/resource_metadata.h"
#include "http/message.h"
#include "oauth/access_demand.h"
#include "oauth/token_inspection.h"

namespace assay::endpoints {

// Thread-safe.
class CheckEndpoint {
public:
  struct Parts {
    const oauth::TokenInspection& inspection;
    const Books& books;
    std::string path; // its own, below which it answers as well
    std::string issuer;
    const ResourceMetadata& resources;
  };

  explicit CheckEndpoint(Parts parts);

  // 200 with X-Assay-Client, X-Assay-Subject, X-Assay-Scope and X-Assay-Expires; or the error of
  // RFC 6750 section 3.1 with WWW-Authenticate.
  Task<http::Response> handle(const http::Request& request);

private:
  Task<Result<oauth::TokenRecord>> decide(const http::Request& request,
                                          const oauth::AccessDemand& demand, Decision& decision);

  Parts parts_;
  Matter matter_;
};

} // namespace assay::endpoints
