#include "endpoints/discovery.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

json::object document(const std::string& issuer) {
  return members_of(discovery_document({.issuer = issuer,
                                        .authorization_path = "/api/oauth/authorize",
                                        .token_path = "/api/oauth/token",
                                        .grant_types = {kGrantType},
                                        .introspection_path = "/api/oauth/introspect",
                                        .revocation_path = "/api/oauth/revoke"}));
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
  for (const char* absent : {"jwks_uri", "registration_endpoint", "token_info_endpoint"})
    EXPECT_FALSE(members.contains(absent)) << absent;
}

TEST(DiscoveryDocument, KeepsThePortAndLeavesOutThePathOfTheIssuer) {
  EXPECT_EQ(document("https://as.example:8443/tenant/").at("token_endpoint"),
            "https://as.example:8443/api/oauth/token");
}

} // namespace
} // namespace assay::endpoints
