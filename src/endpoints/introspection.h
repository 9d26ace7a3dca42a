// POST /api/oauth/introspect (RFC 7662): a protected API asks what a token is worth. One that
// accepts application/token-introspection+jwt gets the same answer signed (RFC 9701).
#pragma once

#include <string>

#include "base/task.h"
#include "endpoints/caller.h"
#include "http/message.h"
#include "jose/algorithm.h"
#include "oauth/jwt_signer.h"

namespace assay::endpoints {

// Thread-safe.
class IntrospectionEndpoint {
public:
  struct Signing {
    std::string issuer;
    jose::Algorithm algorithm;
    oauth::JwtSigner signer;
  };

  IntrospectionEndpoint(InspectionParts parts, Signing signing);

  Task<http::Response> handle(const http::Request& request);

private:
  // The members of the answer: `active` alone unless the token is live and the caller may see it.
  Task<Result<json::object>> decide(const http::Request& request, oauth::Parameters parameters,
                                    Decision& decision, std::string& caller);
  Task<void> sign(http::Response& response, const std::string& caller) const;

  InspectionParts parts_;
  Signing signing_;
  Matter matter_;
};

} // namespace assay::endpoints
