#include "endpoints/discovery.h"

#include <algorithm>

#include "base/strict_json.h"
#include "jose/algorithm.h"

namespace assay::endpoints {

namespace {

constexpr std::string_view kWellKnown = "/.well-known/oauth-authorization-server";

// The end of the authority: where an issuer's path begins.
std::size_t path_begin(std::string_view issuer) {
  const std::size_t authority = issuer.find("://") + 3;
  return std::min(issuer.find('/', authority), issuer.size());
}

json::array algorithm_names() {
  json::array names;
  for (const jose::Algorithm algorithm : jose::all_algorithms())
    names.emplace_back(name(algorithm));
  return names;
}

} // namespace

std::string discovery_path(std::string_view issuer) {
  std::string_view path = issuer.substr(path_begin(issuer));
  if (path.ends_with('/')) path.remove_suffix(1);
  return std::string(kWellKnown).append(path);
}

http::Response discovery_document(const ServerFacts& facts) {
  const std::string origin = facts.issuer.substr(0, path_begin(facts.issuer));
  json::array client_methods{"client_secret_basic", "client_secret_post", "private_key_jwt"};
  if (facts.binds_to_certificates)
    for (const std::string_view method : {"tls_client_auth", "self_signed_tls_client_auth"})
      client_methods.emplace_back(method);
  json::array token_methods = client_methods;
  token_methods.emplace_back("none"); // the assertion itself proves the client

  json::object members{
      {"issuer", facts.issuer},
      {"authorization_endpoint", origin + facts.authorization_path},
      {"token_endpoint", origin + facts.token_path},
      {"token_endpoint_auth_methods_supported", token_methods},
      {"token_endpoint_auth_signing_alg_values_supported", algorithm_names()},
      {"grant_types_supported", json::array(facts.grant_types.begin(), facts.grant_types.end())},
      {"response_types_supported", json::array()},
      {"introspection_endpoint", origin + facts.introspection_path},
      {"introspection_endpoint_auth_methods_supported", client_methods},
      {"introspection_endpoint_auth_signing_alg_values_supported", algorithm_names()},
      {"revocation_endpoint", origin + facts.revocation_path},
      {"revocation_endpoint_auth_methods_supported", client_methods},
      {"revocation_endpoint_auth_signing_alg_values_supported", algorithm_names()},
      {"jwks_uri", origin + facts.key_set_path},
      {"introspection_signing_alg_values_supported",
       json::array{name(facts.introspection_algorithm)}},
      {"dpop_signing_alg_values_supported", algorithm_names()},
      {"tls_client_certificate_bound_access_tokens", facts.binds_to_certificates},
  };
  if (!facts.registration_path.empty())
    members["registration_endpoint"] = origin + facts.registration_path;
  http::Response response = http::json_response(200, json::serialize(members));
  response.with("Cache-Control", "public, max-age=300");
  return response;
}

} // namespace assay::endpoints
