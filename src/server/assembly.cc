#include "server/assembly.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/random.h"
#include "endpoints/answer.h"
#include "endpoints/discovery.h"
#include "endpoints/health.h"
#include "endpoints/metrics.h"
#include "oauth/grants/jwt_bearer.h"
#include "server/policies.h"

namespace assay::server {

namespace {

std::string audience_of(const oauth::TokenServiceSettings& service, const std::string& issuer) {
  return service.resources.empty() ? issuer : fmt::format("{}", fmt::join(service.resources, " "));
}

// An application that introspects may be in the registry of any service: the first that knows it
// counts.
oauth::ApplicationLookup in_any_registry(const Settings& settings, Foundation& foundation) {
  std::vector<const registry::ApplicationRegistry*> registries;
  for (const auto& service : settings.token_services) {
    const auto* applications = &foundation.applications(service.registry);
    if (std::ranges::find(registries, applications) == registries.end())
      registries.push_back(applications);
  }
  return [registries](std::string_view client_id) {
    for (const auto* applications : registries)
      if (auto found = applications->find(client_id)) return found;
    return std::shared_ptr<const registry::Application>();
  };
}

// A token's owner is in the registry of the service that issued it. A service that is no longer
// there issued nothing that still counts.
oauth::TokenInspection::OwnerLookup owners(const Settings& settings, Foundation& foundation) {
  std::vector<std::pair<std::string, const registry::ApplicationRegistry*>> by_service;
  by_service.reserve(settings.token_services.size());
  for (const auto& service : settings.token_services)
    by_service.emplace_back(service.path, &foundation.applications(service.registry));
  return [by_service](const oauth::TokenRecord& record) {
    const auto service = std::ranges::find(by_service, record.service,
                                           [](const auto& entry) { return entry.first; });
    return service == by_service.end() ? nullptr : service->second->find(record.client_id);
  };
}

oauth::ClientAuthenticator client_authenticator(const Settings& settings, Foundation& foundation,
                                                oauth::ApplicationLookup applications) {
  return {std::move(applications),
          oauth::AssertionVerifier(client_assertion_policy(settings), foundation.keys()),
          assertion_limits(settings.limits)};
}

} // namespace

Assembly::Assembly(const Settings& settings, Foundation& foundation)
    : clients_(client_authenticator(settings, foundation, in_any_registry(settings, foundation))),
      inspection_(foundation.tokens(), owners(settings, foundation), settings.issuer),
      introspection_({clients_, inspection_, foundation.tokens(), foundation.books()},
                     settings.issuer),
      token_info_({clients_, inspection_, foundation.tokens(), foundation.books()}) {
  for (const auto& service : settings.token_services)
    add_token_service(settings, service, foundation);
  add_fixed_endpoints(settings, foundation);
}

void Assembly::add_token_service(const Settings& settings,
                                 const oauth::TokenServiceSettings& service,
                                 Foundation& foundation) {
  const oauth::ApplicationLookup applications =
      [&registered = foundation.applications(service.registry)](std::string_view id) {
        return registered.find(id);
      };
  std::vector<oauth::TokenService::Offer> offers;
  offers.push_back(
      {oauth::kJwtBearerGrantType,
       std::make_unique<oauth::JwtBearerGrant>(oauth::JwtBearerGrant::Parts{
           .service = service.path,
           .clock = system_now,
           .applications = applications,
           .limits = assertion_limits(settings.limits),
           .verifier = oauth::AssertionVerifier(assertion_policy(service), foundation.keys()),
           .clients = client_authenticator(settings, foundation, applications),
           .scopes = scope_policy(service),
           .minter = oauth::TokenMinter(service, audience_of(service, settings.issuer),
                                        crypto::secure_random),
           .tokens = foundation.tokens()})});

  auto& offered = *services_.emplace_back(std::make_unique<oauth::TokenService>(std::move(offers)));
  auto& endpoint = *token_endpoints_.emplace_back(
      std::make_unique<endpoints::TokenEndpoint>(service, offered, foundation.books()));
  router_.add(service.path, {"POST"},
              http::WaitingHandler(
                  [&endpoint](const http::Request& request) { return endpoint.handle(request); }));
}

void Assembly::add_fixed_endpoints(const Settings& settings, Foundation& foundation) {
  router_.add(kIntrospectionPath, {"POST"},
              http::WaitingHandler(
                  [this](const http::Request& request) { return introspection_.handle(request); }));
  router_.add(kTokenInfoPath, {"POST"}, http::WaitingHandler([this](const http::Request& request) {
                return token_info_.handle(request);
              }));
  router_.add(endpoints::discovery_path(settings.issuer), {"GET"},
              http::ImmediateHandler([document = endpoints::discovery_document(
                                          {.issuer = settings.issuer,
                                           .token_path = settings.token_services.front().path,
                                           .grant_types = services_.front()->grant_types(),
                                           .introspection_path = kIntrospectionPath})](
                                         const http::Request&) { return document; }));
  router_.add(kLivePath, {"GET"},
              http::ImmediateHandler([](const http::Request&) { return endpoints::live(); }));
  router_.add(kReadyPath, {"GET"},
              http::ImmediateHandler([&readiness = foundation.readiness()](const http::Request&) {
                return endpoints::ready(readiness);
              }));
}

http::Router manager_router(const Foundation& foundation) {
  http::Router router;
  router.add(kLivePath, {"GET"},
             http::ImmediateHandler([](const http::Request&) { return endpoints::live(); }));
  router.add(kReadyPath, {"GET"},
             http::ImmediateHandler([&readiness = foundation.readiness()](const http::Request&) {
               return endpoints::ready(readiness);
             }));
  router.add(kMetricsPath, {"GET"},
             http::ImmediateHandler([&metrics = foundation.metrics()](const http::Request&) {
               return endpoints::metrics(metrics);
             }));
  return router;
}

http::FaultAnswers fault_answers() {
  using endpoints::AnswerFormat;
  const auto fault = [](unsigned status, std::string_view error, std::string_view description) {
    return endpoints::answer(AnswerFormat::json, status,
                             {{"error", error}, {"error_description", description}});
  };
  http::FaultAnswers answers{
      .unavailable = fault(503, "server_error", "The service is unavailable. Try again later."),
      .broken = fault(500, "server_error", "The request could not be processed."),
      .malformed = fault(400, "invalid_request", "The request is not well-formed HTTP."),
      .header_too_large = fault(431, "invalid_request", "The request's header is too large."),
      .body_too_large = endpoints::error_answer(AnswerFormat::json, Reason::body_too_large)};
  answers.unavailable.with("Retry-After", "1");
  return answers;
}

http::Limits http_limits(const LimitSettings& limits) {
  return {.header_bytes = limits.header_bytes,
          .body_bytes = limits.body_bytes,
          .connections = limits.connections,
          .request_wait = limits.request_wait,
          .idle_wait = limits.idle_wait};
}

} // namespace assay::server
