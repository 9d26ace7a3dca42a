// Who asks at an endpoint where only proven clients may: introspection, token info, revocation.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "endpoints/decision.h"
#include "endpoints/key_reader.h"
#include "http/message.h"
#include "oauth/client_authentication.h"
#include "oauth/parameters.h"
#include "oauth/token_inspection.h"
#include "oauth/token_store.h"

namespace assay::endpoints {

// What these endpoints share. The parts outlive them.
struct InspectionParts {
  const oauth::ClientAuthenticator& clients;
  const KeyReader& keys;
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

// A live token that `asker`, which outlives the task, may know of. Reasons: those of
// TokenInspection.
Task<Result<oauth::TokenRecord>> visible_token(const InspectionParts& parts, Secret token,
                                               const registry::Application& asker);

} // namespace assay::endpoints
