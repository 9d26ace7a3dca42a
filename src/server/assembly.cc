#include "server/assembly.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "crypto/random.h"
#include "endpoints/answer.h"
#include "endpoints/authorization.h"
#include "endpoints/discovery.h"
#include "endpoints/health.h"
#include "endpoints/metrics.h"
#include "fetch/address_range.h"
#include "oauth/grants/client_credentials.h"
#include "oauth/grants/jwt_bearer.h"
#include "oauth/grants/refresh_token.h"
#include "server/certificate_files.h"
#include "server/policies.h"

namespace assay::server {

namespace {

// An endpoint's coroutine, as the router calls it. The endpoint outlives the router.
template <class Endpoint> http::WaitingHandler waiting(Endpoint& endpoint) {
  return [&endpoint](const http::Request& request) { return endpoint.handle(request); };
}

void add_health(http::Router& router, const Foundation& foundation) {
  router.add(kLivePath, {"GET"},
             http::ImmediateHandler([](const http::Request&) { return endpoints::live(); }));
  router.add(kReadyPath, {"GET"},
             http::ImmediateHandler([&readiness = foundation.readiness()](const http::Request&) {
               return endpoints::ready(readiness);
             }));
}

// Where applications are looked for, and their keys with them.
struct Directory {
  oauth::ApplicationLookup applications;
  oauth::SenderLookup senders;
};

// Of one token service.
Directory directory_of(const std::string& table, Foundation& foundation) {
  const auto& registered = foundation.applications(table);
  const auto find = [&registered](std::string_view id) { return registered.find(id); };
  const auto refresh = [&fetcher = foundation.key_fetcher(table)](auto application, auto key_id,
                                                                  TimePoint now) {
    return fetcher.fetch_for(std::move(application), std::move(key_id), now);
  };
  return {find, oauth::SenderLookup(find, refresh)};
}

// All registries, each once.
std::vector<std::string> tables_of(const Settings& settings) {
  std::vector<std::string> tables;
  for (const auto& service : settings.token_services)
    if (std::ranges::find(tables, service.registry) == tables.end())
      tables.push_back(service.registry);
  return tables;
}

// An application that introspects or revokes may be in the registry of any service: the first that
// knows it counts.
Directory directory_of_all(const Settings& settings, Foundation& foundation) {
  const std::vector<std::string> tables = tables_of(settings);
  std::vector<Directory> directories;
  directories.reserve(tables.size());
  for (const std::string& table : tables)
    directories.push_back(directory_of(table, foundation));

  const auto find = [directories](std::string_view id) {
    for (const Directory& directory : directories)
      if (auto found = directory.applications(id)) return found;
    return std::shared_ptr<const registry::Application>();
  };
  const auto refresh = [tables,
                        &foundation](std::shared_ptr<const registry::Application> application,
                                     std::optional<std::string> key_id, TimePoint now) {
    const auto knows = [&](const std::string& table) {
      return foundation.applications(table).find(application->id) != nullptr;
    };
    const auto table = std::ranges::find_if(tables, knows);
    return foundation.key_fetcher(table == tables.end() ? tables.front() : *table)
        .fetch_for(std::move(application), std::move(key_id), now);
  };
  return {find, oauth::SenderLookup(find, refresh)};
}

// A token's owner is in the registry of the service that issued it. A service that is no longer
// there issued nothing that still counts.
oauth::OwnerLookup owners(const Settings& settings, Foundation& foundation) {
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

// The epochs are those of the table that the service which issued a token reads.
oauth::IsRevoked revoked_tokens(const Settings& settings,
                                const registry::RevocationEpochs& epochs) {
  std::map<std::string, std::string, std::less<>> tables; // by service
  for (const auto& service : settings.token_services)
    tables.emplace(service.path, service.registry);
  return [tables, &epochs](const oauth::TokenRecord& record) {
    if (epochs.empty()) return false;
    const auto table = tables.find(record.service);
    return table != tables.end() &&
           epochs.is_revoked(table->second, record.client_id, record.subject, record.granted_at);
  };
}

oauth::TokenStanding token_standing(const Settings& settings, Foundation& foundation) {
  return {owners(settings, foundation), revoked_tokens(settings, foundation.revocations())};
}

oauth::ClientAuthenticator client_authenticator(const Settings& settings, Foundation& foundation,
                                                const Directory& directory) {
  return oauth::ClientAuthenticator(
      {.applications = directory.applications,
       .senders = directory.senders,
       .verifier = oauth::AssertionVerifier(client_assertion_policy(settings), foundation.keys()),
       .limits = assertion_limits(settings.limits),
       .chosen_secrets = foundation.chosen_secrets(),
       .keys = foundation.keys()});
}

oauth::TokenInspection token_inspection(const Settings& settings, Foundation& foundation) {
  const auto verifier = [&keys = foundation.signing_keys()](std::string_view id, TimePoint now) {
    return keys.verifier(id, now);
  };
  return oauth::TokenInspection({.tokens = foundation.tokens(),
                                 .unstored = oauth::UnstoredTokens(settings.issuer, verifier),
                                 .standing = token_standing(settings, foundation),
                                 .askers = directory_of_all(settings, foundation).applications,
                                 .issuer = settings.issuer});
}

// All that tokens are for by default: there is metadata for these.
std::vector<std::string> resources_of(const Settings& settings) {
  std::vector<std::string> resources{settings.issuer};
  for (const auto& service : settings.token_services)
    resources.insert(resources.end(), service.resources.begin(), service.resources.end());
  return resources;
}

// Addresses that are no IP address are nobody's: the peer of a connection that is closed already.
std::function<bool(std::string_view)> is_one_of(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::vector<fetch::AddressRange> ranges;
  ranges.reserve(texts.size());
  for (const std::string& text : texts)
    ranges.push_back(*fetch::AddressRange::parse(text)); // as the config has checked
  return [ranges](std::string_view text) {
    const auto address = fetch::IpAddress::parse(text);
    return address && std::ranges::any_of(ranges, [&](const fetch::AddressRange& range) {
             return range.contains(*address);
           });
  };
}

// In front of the server, or by itself.
bool sees_client_certificates(const Settings& settings) {
  return !settings.proxies.addresses.empty() || settings.listen.tls.ask_client_certificate;
}

endpoints::KeyReader key_reader(const Settings& settings, const Foundation& foundation) {
  return endpoints::KeyReader({.is_proxy = is_one_of(settings.proxies.addresses),
                               .certificate_header = settings.proxies.client_certificate_header,
                               .trust = read_client_trust(foundation.folder(), "proxies.client_ca",
                                                          settings.proxies.client_ca)});
}

endpoints::TokenInfoCallers token_info_callers(const TokenInfoSettings& settings) {
  return settings.require_authentication ? endpoints::TokenInfoCallers::authenticated
                                         : endpoints::TokenInfoCallers::anybody;
}

} // namespace

Assembly::Assembly(const Settings& settings, Foundation& foundation)
    : keys_(key_reader(settings, foundation)),
      nonces_(foundation.node_secret().reveal(), settings.dpop.nonce_life),
      proofs_({dpop_policy(settings), nonces_}), possession_(proofs_, foundation.used_proofs()),
      clients_(client_authenticator(settings, foundation, directory_of_all(settings, foundation))),
      inspection_(token_inspection(settings, foundation)),
      resources_(settings.issuer, resources_of(settings)),
      introspection_(
          {clients_, keys_, inspection_, foundation.tokens(), foundation.books()},
          {settings.issuer, settings.introspection.signing_algorithm, foundation.signer()}),
      token_info_({clients_, keys_, inspection_, foundation.tokens(), foundation.books()},
                  token_info_callers(settings.token_info)),
      revocation_({clients_, keys_, inspection_, foundation.tokens(), foundation.books()}),
      check_({inspection_, foundation.books(), kCheckPath, settings.issuer, resources_, keys_,
              proofs_, possession_}),
      key_set_(foundation.signing_keys(), settings.signing_keys.max_age) {
  foundation.ensure_signing_keys(signing_algorithms(settings));
  for (const auto& service : settings.token_services)
    add_token_service(settings, service, foundation);
  add_fixed_endpoints();
  if (settings.registration.enabled) add_registration(settings, foundation);
  add_documents(settings, foundation);
}

void Assembly::add_token_service(const Settings& settings,
                                 const oauth::TokenServiceSettings& service,
                                 Foundation& foundation) {
  const Directory directory = directory_of(service.registry, foundation);
  const auto clients = client_authenticator(settings, foundation, directory);
  const oauth::AudiencePolicy audiences = audience_policy(settings, service);
  const oauth::TokenBinding binding({.demand = service.access_token.binding,
                                     .url = token_url(settings.issuer, service),
                                     .proofs = proofs_,
                                     .memory = foundation.used_proofs()});
  const oauth::TokenMinter minter(
      service,
      {.issuer = settings.issuer, .random = crypto::secure_random, .signer = foundation.signer()});
  const oauth::TokenIssuance issuance(
      {minter, foundation.tokens(), service.access_token.store_outage});
  std::vector<oauth::TokenService::Offer> offers;
  offers.push_back(
      {oauth::kJwtBearerGrantType,
       std::make_unique<oauth::JwtBearerGrant>(oauth::JwtBearerGrant::Parts{
           .service = service.path,
           .clock = system_now,
           .senders = directory.senders,
           .limits = assertion_limits(settings.limits),
           .verifier = oauth::AssertionVerifier(assertion_policy(service), foundation.keys()),
           .clients = clients,
           .scopes = scope_policy(service),
           .audiences = audiences,
           .binding = binding,
           .issuance = issuance})});
  offers.push_back({oauth::kRefreshTokenGrantType,
                    std::make_unique<oauth::RefreshTokenGrant>(oauth::RefreshTokenGrant::Parts{
                        .service = service.path,
                        .clock = system_now,
                        .clients = clients,
                        .standing = token_standing(settings, foundation),
                        .scopes = scope_policy(service),
                        .audiences = audiences,
                        .binding = binding,
                        .settings = service.refresh_token,
                        .minter = minter,
                        .random = crypto::secure_random,
                        .tokens = foundation.tokens()})});
  offers.push_back({oauth::kClientCredentialsGrantType,
                    std::make_unique<oauth::ClientCredentialsGrant>(
                        oauth::ClientCredentialsGrant::Parts{.clock = system_now,
                                                             .clients = clients,
                                                             .scopes = scope_policy(service),
                                                             .audiences = audiences,
                                                             .binding = binding,
                                                             .issuance = issuance})});

  auto& offered = *services_.emplace_back(std::make_unique<oauth::TokenService>(std::move(offers)));
  auto& endpoint = *token_endpoints_.emplace_back(std::make_unique<endpoints::TokenEndpoint>(
      service, endpoints::TokenEndpoint::Parts{offered, keys_, proofs_, foundation.books()}));
  router_.add(service.path, {"POST"}, waiting(endpoint));
}

void Assembly::add_fixed_endpoints() {
  router_.add(kIntrospectionPath, {"POST"}, waiting(introspection_));
  router_.add(kTokenInfoPath, {"POST"}, waiting(token_info_));
  router_.add(kRevocationPath, {"POST"}, waiting(revocation_));
  router_.add_tree(kCheckPath, waiting(check_));
  router_.add(kAuthorizationPath, {"GET", "POST"}, http::ImmediateHandler([](const http::Request&) {
                return endpoints::no_authorization();
              }));
}

void Assembly::add_registration(const Settings& settings, Foundation& foundation) {
  registration_.emplace(
      endpoints::RegistrationEndpoint::Parts{
          .registrar = registry::ClientRegistrar(
              {.store = foundation.properties(),
               .tables = tables_of(settings),
               .introspection_algorithm = settings.introspection.signing_algorithm,
               .random = crypto::secure_random,
               .clock = system_now,
               .publish = [&foundation] { foundation.refresh_applications(); }}),
          .work = foundation.registration_work(),
          .books = foundation.books()},
      url_at(settings.issuer, kRegistrationPath), kRegistrationPath);
  router_.add(kRegistrationPath, {"POST"}, waiting(*registration_));
  router_.add_tree(kRegistrationPath, http::WaitingHandler([this](const http::Request& request) {
                     return registration_->handle_client(request);
                   }));
}

void Assembly::add_documents(const Settings& settings, Foundation& foundation) {
  router_.add(endpoints::discovery_path(settings.issuer), {"GET"},
              http::ImmediateHandler(
                  [document = endpoints::discovery_document(
                       {.issuer = settings.issuer,
                        .authorization_path = kAuthorizationPath,
                        .token_path = settings.token_services.front().path,
                        .grant_types = services_.front()->grant_types(),
                        .introspection_path = kIntrospectionPath,
                        .revocation_path = kRevocationPath,
                        .key_set_path = kKeySetPath,
                        .registration_path = registration_ ? kRegistrationPath : "",
                        .introspection_algorithm = settings.introspection.signing_algorithm,
                        .binds_to_certificates = sees_client_certificates(settings)})](
                      const http::Request&) { return document; }));
  for (const std::string& path : resources_.paths())
    router_.add(path, {"GET"}, http::ImmediateHandler([this](const http::Request& request) {
                  return resources_.answer(request);
                }));
  router_.add(kKeySetPath, {"GET"}, http::ImmediateHandler([this](const http::Request& request) {
                return key_set_.answer(request);
              }));
  add_health(router_, foundation);
}

http::Router manager_router(const Foundation& foundation) {
  http::Router router;
  add_health(router, foundation);
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
