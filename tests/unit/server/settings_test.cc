#include "server/settings.h"

#include <gtest/gtest.h>

namespace assay::server {
namespace {

TEST(Settings, HaveThePortInThePlaceOfEachPlaceholderOfIssuerAndAudiences) {
  Settings settings;
  settings.issuer = "http://127.0.0.1:${port}";
  settings.token_services.resize(2);
  settings.token_services[0].audiences = {"http://a:${port}/${port}", "urn:b"};
  settings.token_services[1].audiences = {"${port}"};

  const Settings filled = with_port(settings, 8443);
  EXPECT_EQ(filled.issuer, "http://127.0.0.1:8443");
  EXPECT_EQ(filled.token_services[0].audiences,
            (std::vector<std::string>{"http://a:8443/8443", "urn:b"}));
  EXPECT_EQ(filled.token_services[1].audiences, std::vector<std::string>{"8443"});
}

TEST(Settings, StayAsTheyAreWithoutAPlaceholder) {
  EXPECT_EQ(with_port(Settings{}, 8443).issuer, "http://apiserver");
}

} // namespace
} // namespace assay::server
