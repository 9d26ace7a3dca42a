// /api/oauth/check: a gateway asks whether a request may pass, before it lets the request through
// to the API behind it (nginx auth_request, Caddy forward_auth, Envoy ext_authz).
//
//   query = *( "scope=" scopes / "match=" ("any" / "all") / "aud=" URI / "errors=401" )
//           [ "for=" anything ]
//
// The token is the one that the request itself carries (RFC 6750 section 2.1). Scopes are all
// demanded unless match=any; of several audiences one must fit, and without any it is the issuer.
// A token that is bound to a key needs the proof of it: the DPoP header (RFC 9449 section 7.1), for
// the request as the gateway tells it, or the client certificate as the gateway passes it on.
#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "endpoints/access_query.h"
#include "endpoints/decision.h"
#include "endpoints/key_reader.h"
#include "endpoints/resource_metadata.h"
#include "http/message.h"
#include "oauth/access_demand.h"
#include "oauth/dpop_verifier.h"
#include "oauth/presented_token.h"
#include "oauth/token_inspection.h"
#include "oauth/token_possession.h"

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
    const KeyReader& keys;
    const oauth::DpopVerifier& proofs;
    const oauth::TokenPossession& possession;
  };

  explicit CheckEndpoint(Parts parts);

  // 200 with X-Assay-Client, X-Assay-Subject, X-Assay-Scope and X-Assay-Expires; or the error of
  // RFC 6750 section 3.1 or RFC 9449 section 7.1 with WWW-Authenticate.
  Task<http::Response> handle(const http::Request& request);

private:
  Task<Result<oauth::TokenRecord>> decide(const http::Request& request,
                                          const oauth::PresentedToken& token,
                                          const oauth::AccessDemand& demand, Decision& decision);
  Result<void> check_possession(const http::Request& request, const oauth::PresentedToken& token,
                                const oauth::TokenRecord& record) const;
  http::Response refusal(const http::Request& request, const Refusal& refusal,
                         const AccessQuery& query) const;

  Parts parts_;
  Matter matter_;
};

} // namespace assay::endpoints
