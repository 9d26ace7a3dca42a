#include "server/config_rule.h"

#include <gtest/gtest.h>

#include "server/paths.h"

namespace assay::server {
namespace {

// RFC 8414 section 2: "a URL that uses the https scheme and has no query or fragment components";
// http is for the machine itself and for a proxy in front.
TEST(ConfigRule, WantsAnIssuerToBeAnAbsoluteUrlWithoutQueryAndFragment) {
  for (const auto* issuer : {"https://tokens.example", "http://apiserver", "https://a.example/one",
                             "http://[::1]:8080", "http://127.0.0.1:${port}"})
    EXPECT_TRUE(is_issuer(issuer)) << issuer;
  for (const auto* issuer :
       {"", "tokens.example", "ftp://tokens.example", "https://", "https://a.example?x=1",
        "https://a.example?", "https://a.example#x", "https://a.example#", "https://me@a.example",
        "https://a.example:${PORT}", "https://a b.example", "/api"})
    EXPECT_FALSE(is_issuer(issuer)) << issuer;
}

TEST(ConfigRule, LetsThePortAloneStandInAnAudience) {
  for (const auto* audience :
       {"a", "urn:a", "http://h:${port}/${port}", "$port", "{port}", "cost $"})
    EXPECT_TRUE(is_audience(audience)) << audience;
  for (const auto* audience : {"", "http://h:${PORT}", "${", "http://${port}${host}"})
    EXPECT_FALSE(is_audience(audience)) << audience;
}

TEST(ConfigRule, LeavesAPathOneSpelling) {
  for (const auto* path : {"/a", "/api/oauth/token", "/a-b_c.d~e/1", "/a/...", "/:@!$&'()*+,;="})
    EXPECT_TRUE(is_service_path(path)) << path;
  for (const auto* path : {"", "a", "/", "/a/", "//a", "/a//b", "/./a", "/a/..", "/a b", "/a%20b",
                           "/a?b", "/a#b", "/\xC3\xA9", "/a\nb", "http://a/b", "/a\\b", "/{a}"})
    EXPECT_FALSE(is_service_path(path)) << path;
}

TEST(ConfigRule, KeepsThePathsOfOtherEndpoints) {
  for (const auto* path :
       {kIntrospectionPath, kTokenInfoPath, kLivePath, kReadyPath, kMetricsPath,
        "/.well-known/oauth-authorization-server", "/.well-known/x", "/health/x"})
    EXPECT_TRUE(is_reserved_path(path)) << path;
  for (const auto* path : {"/api/oauth/token", "/metrics/x", "/health", "/api/oauth"})
    EXPECT_FALSE(is_reserved_path(path)) << path;
}

TEST(ConfigRule, WantsAnAddressAndNoHostName) {
  for (const auto* address : {"127.0.0.1", "0.0.0.0", "::", "::1", "fe80::1"})
    EXPECT_TRUE(is_ip_address(address)) << address;
  for (const auto* address : {"", "localhost", "127.0.0", "127.0.0.1:80", "[::1]", "1.2.3.4.5"})
    EXPECT_FALSE(is_ip_address(address)) << address;
}

TEST(ConfigRule, WantsTokenTypesToHaveAName) {
  EXPECT_TRUE(is_token_type("Bearer"));
  EXPECT_TRUE(is_token_type("N_A-1.x"));
  EXPECT_FALSE(is_token_type(""));
  EXPECT_FALSE(is_token_type("Bearer token"));
  EXPECT_FALSE(is_token_type("a:b"));
}

TEST(ConfigRule, WantsNamesToBeWords) {
  for (const auto* name : {"a", "_a", "Client-Application.Registry_2"})
    EXPECT_TRUE(is_name(name)) << name;
  for (const auto* name : {"", "2a", "-a", "a b", "a/b", "a'b"})
    EXPECT_FALSE(is_name(name)) << name;
}

// They would stand beside, or instead of, what the standards define.
TEST(ConfigRule, KeepsParametersFromTheMembersOfAnswers) {
  for (const auto* name :
       {"active",     "scope",    "client_id", "username",     "token_type",
        "exp",        "iat",      "nbf",       "sub",          "aud",
        "iss",        "jti",      "cnf",       "access_token", "refresh_token",
        "expires_in", "audience", "user_id",   "error",        "error_description",
        "error_uri"})
    EXPECT_TRUE(fault_in_parameter_name(name)) << name;
  for (const auto* name : {"tier", "cost_centre", "x-tier", "Scope", "_a.b"})
    EXPECT_FALSE(fault_in_parameter_name(name)) << name;
}

// The answer as XML has an element of each.
TEST(ConfigRule, KeepsParametersToTheNamesOfElements) {
  for (const auto* name : {"", "1a", "-a", "a b", "a>b", "a:b", "xml", "XmlThing", "\xC3\xA9"})
    EXPECT_TRUE(fault_in_parameter_name(name)) << name;
  EXPECT_FALSE(fault_in_parameter_name(std::string(64, 'a')));
  EXPECT_TRUE(fault_in_parameter_name(std::string(65, 'a')));
}

} // namespace
} // namespace assay::server
