// The wiring diagram: every part of the request's path, built by constructor from the settings. A
// reload of the config builds another one; requests that run keep the old one until they end.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "endpoints/check.h"
#include "endpoints/introspection.h"
#include "endpoints/key_reader.h"
#include "endpoints/key_set.h"
#include "endpoints/registration.h"
#include "endpoints/resource_metadata.h"
#include "endpoints/revocation.h"
#include "endpoints/token.h"
#include "endpoints/token_info.h"
#include "http/listener.h"
#include "http/router.h"
#include "oauth/client_authentication.h"
#include "oauth/dpop_nonces.h"
#include "oauth/dpop_verifier.h"
#include "oauth/token_inspection.h"
#include "oauth/token_possession.h"
#include "oauth/token_service.h"
#include "server/foundation.h"
#include "server/paths.h"
#include "server/settings.h"

namespace assay::server {

class Assembly {
public:
  // The foundation outlives it. May load registries: blocks. Throws Unavailable.
  Assembly(const Settings& settings, Foundation& foundation);
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  const http::Router& router() const { return router_; }

private:
  void add_token_service(const Settings& settings, const oauth::TokenServiceSettings& service,
                         Foundation& foundation);
  void add_fixed_endpoints();
  void add_registration(const Settings& settings, Foundation& foundation);
  void add_documents(const Settings& settings, Foundation& foundation);

  endpoints::KeyReader keys_;
  oauth::DpopNonces nonces_;
  oauth::DpopVerifier proofs_;
  oauth::TokenPossession possession_;
  oauth::ClientAuthenticator clients_;
  oauth::TokenInspection inspection_;
  endpoints::ResourceMetadata resources_;
  std::vector<std::unique_ptr<oauth::TokenService>> services_;
  std::vector<std::unique_ptr<endpoints::TokenEndpoint>> token_endpoints_;
  endpoints::IntrospectionEndpoint introspection_;
  endpoints::TokenInfoEndpoint token_info_;
  endpoints::RevocationEndpoint revocation_;
  endpoints::CheckEndpoint check_;
  endpoints::KeySetEndpoint key_set_;
  std::optional<endpoints::RegistrationEndpoint> registration_; // if it is enabled
  http::Router router_;
};

// The manager port's endpoints: health and metrics.
http::Router manager_router(const Foundation& foundation);

// What connections answer by themselves, in the shape of the endpoints' own errors.
http::FaultAnswers fault_answers();

http::Limits http_limits(const LimitSettings& limits);

} // namespace assay::server
