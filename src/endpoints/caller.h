// The protected API that asks about a token, once it has authenticated.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "endpoints/decision.h"
#include "http/message.h"
#include "oauth/client_authentication.h"
#include "oauth/parameters.h"
#include "oauth/token_inspection.h"
#include "oauth/token_store.h"

namespace assay::endpoints {

// What introspection and token info share. The parts outlive the endpoints.
struct InspectionParts {
  const oauth::ClientAuthenticator& clients;
  const oauth::TokenInspection& inspection;
  oauth::TokenStore& tokens;
  const Books& books;
};

// Authenticates the sender of the request and takes the claim of its client assertion, if it has
// one. The reasons are those of ClientAuthenticator. References outlive the task.
Task<Result<oauth::ProvenSender>> authenticate_caller(const InspectionParts& parts,
                                                      const http::Request& request,
                                                      const oauth::Parameters& parameters,
                                                      Decision& decision);

} // namespace assay::endpoints
