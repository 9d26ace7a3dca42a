#include "endpoints/resource_metadata.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

constexpr const char* kRoot = "/.well-known/oauth-protected-resource";

const ResourceMetadata kMetadata("https://as.example",
                                 {"https://as.example", "https://a.example/v1",
                                  "https://b.example/v1", "https://a.example/v1",
                                  "https://c.example:8443/", "urn:example:api"});

http::Response get(const std::string& path, const std::string& host) {
  http::Request request;
  request.method = "GET";
  request.path = path;
  request.fields.push_back({"Host", host});
  return kMetadata.answer(request);
}

// RFC 9728 section 2.
TEST(ResourceMetadata, NamesTheResourceAndWhoIssuesTokensForIt) {
  const auto response = get(std::string(kRoot) + "/v1", "a.example");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body,
            R"({"resource":"https://a.example/v1","authorization_servers":["https://as.example"],)"
            R"("bearer_methods_supported":["header"]})");
}

TEST(ResourceMetadata, LiesBetweenTheHostAndThePathOfTheResource) {
  EXPECT_EQ(kMetadata.paths(), (std::vector<std::string>{kRoot, std::string(kRoot) + "/v1"}));
  EXPECT_EQ(kMetadata.url_of("https://a.example/v1"),
            "https://a.example" + std::string(kRoot) + "/v1");
  EXPECT_EQ(kMetadata.url_of("https://c.example:8443/"),
            "https://c.example:8443" + std::string(kRoot));
  EXPECT_FALSE(kMetadata.url_of("urn:example:api"));
  EXPECT_FALSE(kMetadata.url_of("https://a.example"));
}

// A document about another resource would send a client's tokens there (RFC 9728 section 3.3).
TEST(ResourceMetadata, IsChosenByHostWhereSeveralResourcesShareAPath) {
  EXPECT_NE(get(std::string(kRoot) + "/v1", "b.example").body.find("https://b.example/v1"),
            std::string::npos);
  EXPECT_EQ(get(std::string(kRoot) + "/v1", "d.example").status, 404U);
}

TEST(ResourceMetadata, IsGivenByAnyNameWhereThereIsOneAlone) {
  const ResourceMetadata one("https://as.example", {"https://as.example"});
  http::Request request;
  request.path = kRoot;
  EXPECT_EQ(one.answer(request).status, 200U);
}

} // namespace
} // namespace assay::endpoints
