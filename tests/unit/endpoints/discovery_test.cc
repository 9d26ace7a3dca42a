#include "endpoints/discovery.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

ServerFacts facts_of(const std::string& issuer) {
  return {.issuer = issuer,
          .authorization_path = "/api/oauth/authorize",
          .token_path = "/api/oauth/token",
          .grant_types = {kGrantType},
          .introspection_path = "/api/oauth/introspect",
          .revocation_path = "/api/oauth/revoke",
          .key_set_path = "/api/oauth/jwks.json",
          .introspection_algorithm = jose::Algorithm::es256,
          .binds_to_certificates = false};
}

json::object document(const std::string& issuer) {
  return members_of(discovery_document(facts_of(issuer)));
}

TEST(DiscoveryDocument, TellsHowTokensAreBoundAndSigned) {
  const json::object members = document("https://as.example");
  EXPECT_EQ(members.at("jwks_uri"), "https://as.example/api/oauth/jwks.json");
  EXPECT_EQ(members.at("introspection_signing_alg_values_supported"),
            json::value(json::array{"ES256"}));
  EXPECT_EQ(members.at("dpop_signing_alg_values_supported").as_array().size(),
            jose::kAlgorithmCount);
  EXPECT_EQ(members.at("tls_client_certificate_bound_access_tokens"), false);
}

TEST(DiscoveryDocument, OffersTlsWhereClientsCanShowACertificate) {
  ServerFacts facts = facts_of("https://as.example");
  facts.binds_to_certificates = true;
  const json::object members = members_of(discovery_document(facts));
  EXPECT_EQ(members.at("tls_client_certificate_bound_access_tokens"), true);
  for (const std::string_view name :
       {"token_endpoint_auth_methods_supported", "introspection_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_methods_supported"}) {
    const json::array& methods = members.at(name).as_array();
    for (const std::string_view method : {"tls_client_auth", "self_signed_tls_client_auth"})
      EXPECT_NE(std::ranges::find(methods, json::value(method)), methods.end()) << name;
  }
}

// RFC 8414 section 3.1.
TEST(DiscoveryPath, HasTheWellKnownSegmentBetweenTheIssuersHostAndPath) {
  EXPECT_EQ(discovery_path("https://as.example"), "/.well-known/oauth-authorization-server");
  EXPECT_EQ(discovery_path("https://as.example/"), "/.well-known/oauth-authorization-server");
  EXPECT_EQ(discovery_path("https://as.example/one/two"),
            "/.well-known/oauth-authorization-server/one/two");
}

TEST(DiscoveryDocument, NamesTheIssuerAsItIsAndTheEndpointsByUrl) {
  const json::object members = document("https://as.example");
  EXPECT_EQ(members.at("issuer"), "https://as.example");
  EXPECT_EQ(members.at("token_endpoint"), "https://as.example/api/oauth/token");
  EXPECT_EQ(members.at("introspection_endpoint"), "https://as.example/api/oauth/introspect");
  EXPECT_EQ(members.at("revocation_endpoint"), "https://as.example/api/oauth/revoke");
  EXPECT_EQ(members.at("authorization_endpoint"), "https://as.example/api/oauth/authorize");
  EXPECT_EQ(members.at("grant_types_supported"), json::value(json::array{kGrantType}));
  EXPECT_EQ(members.at("response_types_supported"), json::value(json::array()));
}

TEST(DiscoveryDocument, PromisesNoAlgorithmThatIsRefused) {
  const json::object members = document("https://as.example");
  for (const std::string_view name : {"token_endpoint_auth_signing_alg_values_supported",
                                      "introspection_endpoint_auth_signing_alg_values_supported",
                                      "revocation_endpoint_auth_signing_alg_values_supported"}) {
    const json::array& algorithms = members.at(name).as_array();
    EXPECT_NE(std::ranges::find(algorithms, json::value("RS256")), algorithms.end());
    for (const std::string_view never : {"none", "HS256"})
      EXPECT_EQ(std::ranges::find(algorithms, json::value(never)), algorithms.end()) << never;
  }
}

TEST(DiscoveryDocument, LetsNobodyIntrospectWithoutAuthentication) {
  const json::object members = document("https://as.example");
  const json::array& methods =
      members.at("introspection_endpoint_auth_methods_supported").as_array();
  EXPECT_EQ(methods.size(), 3U);
  EXPECT_EQ(std::ranges::find(methods, json::value("none")), methods.end());
}

// The assertion of a grant is proof enough.
TEST(DiscoveryDocument, LetsAClientAskForATokenWithoutFurtherAuthentication) {
  EXPECT_EQ(document("https://as.example").at("token_endpoint_auth_methods_supported"),
            json::value(json::array{"client_secret_basic", "client_secret_post", "private_key_jwt",
                                    "none"}));
}

TEST(DiscoveryDocument, NamesNothingThatIsNotThere) {
  const json::object members = document("https://as.example");
  for (const char* absent : {"registration_endpoint", "token_info_endpoint"})
    EXPECT_FALSE(members.contains(absent)) << absent;
}

TEST(DiscoveryDocument, KeepsThePortAndLeavesOutThePathOfTheIssuer) {
  EXPECT_EQ(document("https://as.example:8443/tenant/").at("token_endpoint"),
            "https://as.example:8443/api/oauth/token");
}

// RFC 8414 section 2.
TEST(DiscoveryDocument, NamesTheRegistrationEndpointWhereThereIsOne) {
  ServerFacts facts = facts_of("https://as.example/tenant");
  EXPECT_FALSE(members_of(discovery_document(facts)).contains("registration_endpoint"));
  facts.registration_path = "/api/oauth/register";
  EXPECT_EQ(members_of(discovery_document(facts)).at("registration_endpoint"),
            "https://as.example/api/oauth/register");
}

} // namespace
} // namespace assay::endpoints
