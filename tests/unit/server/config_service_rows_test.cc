#include "server/config_service_rows.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

TEST(ConfigServiceRows, AreOfTheServicesAlone) {
  const auto rows = token_service_rows();
  EXPECT_FALSE(rows.empty());
  EXPECT_TRUE(std::ranges::all_of(rows, &Setting::is_of_service));
}

// RFC 7519, RFC 8693, RFC 9068: what an API believes because this server says it.
TEST(ConfigServiceRows, MakeNoClaimOfAStandardFreeText) {
  for (const char* name : {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope",
                           "cnf", "auth_time", "acr", "amr", "act", "may_act", "azp", "nonce"}) {
    EXPECT_EQ(faults_of(std::string("token_services: [{access_token: {claims: [") + name + "]}}]"),
              std::string("assay.yaml:1:43: token_services[0].access_token.claims[0]: \"") + name +
                  "\" is a member of an answer that a standard defines");
  }
  EXPECT_EQ(faults_of("token_services: [{access_token: {claims: [tenant]}}]"), "");
}

} // namespace
} // namespace assay::server
