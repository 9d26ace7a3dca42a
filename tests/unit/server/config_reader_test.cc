#include "server/config_reader.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

using namespace std::chrono_literals;

TEST(ConfigReader, KeepsTheDefaultsWhereTheTreeSaysNothing) {
  EXPECT_EQ(settings_of("").listen.port, 8080);
  const Settings settings = settings_of("listen: {port: 81}\n");
  EXPECT_EQ(settings.listen.port, 81);
  EXPECT_EQ(settings.listen.address, "127.0.0.1");
  ASSERT_EQ(settings.token_services.size(), 1U);
  EXPECT_EQ(settings.token_services[0].path, "/api/oauth/token");
}

// All of a group's lines can be commented out.
TEST(ConfigReader, TakesAGroupWithNothingInItForItsDefaults) {
  const Settings settings = settings_of("listen:\nmanager: ~\ntoken_services:\n");
  EXPECT_EQ(settings.listen.port, 8080);
  EXPECT_EQ(settings.token_services.size(), 1U);
  EXPECT_EQ(settings_of("token_services: [{monitoring: ~}]").token_services.size(), 1U);
}

TEST(ConfigReader, GivesEachServiceItsOwnSettingsOverTheDefaults) {
  const Settings settings = settings_of("token_services:\n"
                                        "  - path: /a\n"
                                        "    access_token: {lifetime: 60s}\n"
                                        "  - path: /b\n"
                                        "    audience: urn:b\n");
  ASSERT_EQ(settings.token_services.size(), 2U);
  EXPECT_EQ(settings.token_services[0].access_token.lifetime, 60s);
  EXPECT_EQ(settings.token_services[0].access_token.length, 54U);
  EXPECT_EQ(settings.token_services[1].access_token.lifetime, 3600s);
  EXPECT_EQ(settings.token_services[1].audiences, std::vector<std::string>{"urn:b"});
}

TEST(ConfigReader, RefusesUnknownNamesAndSuggestsTheOneThatWasMeant) {
  EXPECT_EQ(faults_of("listen:\n  prot: 80\n"),
            "assay.yaml:2:3: listen.prot: is unknown here; did you mean port?");
  EXPECT_EQ(faults_of("token_services:\n  - access_token: {lifetme: 1}\n"),
            "assay.yaml:2:20: token_services[0].access_token.lifetme: is unknown here; did you "
            "mean lifetime?");
}

TEST(ConfigReader, NamesWhatIsKnownWhereNothingIsNear) {
  EXPECT_EQ(faults_of("manager: {colour: red}\n"),
            "assay.yaml:1:11: manager.colour: is unknown here; known are address, port");
  EXPECT_EQ(faults_of("colour: red\n"),
            "assay.yaml:1:1: colour: is unknown here; known are issuer, listen, proxies, manager, "
            "stores, audit, token_info, introspection, log, signing_keys, dpop, registration, "
            "limits, key_sources, token_services");
}

TEST(ConfigReader, NotesAllFaultsAtOnce) {
  EXPECT_EQ(faults_of("listen: {port: x}\naudit: []\ntoken_services: [{scope_match: some}, 5]\n"),
            "assay.yaml:1:16: listen.port: \"x\" is not a whole number from 0 to 65535\n"
            "assay.yaml:2:8: audit: a list is not a map of settings\n"
            "assay.yaml:3:32: token_services[0].scope_match: \"some\" is not one of any, all\n"
            "assay.yaml:3:39: token_services[1]: \"5\" is not a map of settings");
}

TEST(ConfigReader, WantsAMapOfSettingsAsTheWhole) {
  EXPECT_EQ(faults_of("- a\n"), "assay.yaml:1:1: a list is not a map of settings");
}

TEST(ConfigReader, WantsOneServiceOrMoreUpToALimit) {
  EXPECT_EQ(faults_of("token_services: []\n"),
            "assay.yaml:1:17: token_services: a list of 0 is not a list of 1 to 64 token services");
  EXPECT_EQ(faults_of("token_services: {path: /a}\n"),
            "assay.yaml:1:17: token_services: a map is not a list of 1 to 64 token services");
  std::string many = "token_services: [";
  for (int index = 0; index < 65; ++index)
    many += "{},";
  EXPECT_EQ(
      faults_of(many + "]"),
      "assay.yaml:1:17: token_services: a list of 65 is not a list of 1 to 64 token services");
}

TEST(ConfigReader, RemembersWhereThingsStandAndWhatWasRefused) {
  ConfigFaults faults;
  const ConfigReading reading =
      read_settings(tree_of("listen:\n  port: x\ntoken_services:\n  - path: /a\n  - 5\n"), faults);
  EXPECT_EQ(to_text(reading.place_of("listen.port")), "assay.yaml:2:9");
  EXPECT_EQ(to_text(reading.place_of("listen.address")), "assay.yaml:2:3");
  EXPECT_EQ(to_text(reading.place_of("token_services[0].path")), "assay.yaml:4:11");
  EXPECT_EQ(to_text(reading.place_of("token_services[0].audience")), "assay.yaml:4:5");
  EXPECT_EQ(to_text(reading.place_of("issuer")), "assay.yaml:1:1");

  EXPECT_TRUE(reading.is_refused("listen.port"));
  EXPECT_FALSE(reading.is_refused("listen.address"));
  EXPECT_FALSE(reading.is_refused("token_services[0].path"));
  EXPECT_TRUE(reading.is_refused("token_services[1].path"));
}

} // namespace
} // namespace assay::server
