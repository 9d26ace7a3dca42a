#include "server/config_environment.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "server/config_reader.h"
#include "support/scratch_folder.h"
#include "unit/server/yaml.h"

namespace assay::server {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

struct Outcome {
  Settings settings;
  std::string faults;
};

Outcome outcome_of(const Environment& environment, std::string_view yaml = "") {
  ConfigFaults faults;
  ConfigNode tree = tree_of(yaml);
  apply_environment(environment, tree, faults);
  const ConfigReading reading = read_settings(tree, faults);
  return {reading.settings, to_text(faults)};
}

TEST(ConfigEnvironment, GoesBeforeTheFile) {
  const auto outcome =
      outcome_of({{"ASSAY_LISTEN_PORT", "0"}, {"ASSAY_ISSUER", "https://b.example"}},
                 "listen: {port: 81, threads: 3}\nissuer: https://a.example\n");
  EXPECT_EQ(outcome.faults, "");
  EXPECT_EQ(outcome.settings.listen.port, 0);
  EXPECT_EQ(outcome.settings.listen.threads, 3U);
  EXPECT_EQ(outcome.settings.issuer, "https://b.example");
}

TEST(ConfigEnvironment, ReachesEverySetting) {
  for (const char* name : {"ASSAY_STORES_PURGE_EVERY", "ASSAY_LIMITS_REQUEST_WAIT",
                           "ASSAY_TOKEN_SERVICES_0_ACCESS_TOKEN_LIFETIME",
                           "ASSAY_TOKEN_SERVICES_0_LONGEST_ASSERTION_LIFE"}) {
    EXPECT_EQ(outcome_of({{name, "7s"}}).faults, "") << name;
    EXPECT_NE(outcome_of({{name, "7x"}}).faults, "") << name;
  }
}

TEST(ConfigEnvironment, HoldsYaml) {
  const auto outcome = outcome_of({{"ASSAY_TOKEN_SERVICES_0_AUDIENCE", "[urn:a, 'urn:b']"},
                                   {"ASSAY_TOKEN_SERVICES_0_PARAMETERS", "{tier: gold}"},
                                   {"ASSAY_TOKEN_SERVICES_0_REQUIRE_JTI", "true"},
                                   {"ASSAY_AUDIT_NODE", "\"\""}});
  EXPECT_EQ(outcome.faults, "");
  const auto& service = outcome.settings.token_services[0];
  EXPECT_EQ(service.audiences, (Texts{"urn:a", "urn:b"}));
  ASSERT_EQ(service.parameters.size(), 1U);
  EXPECT_EQ(service.parameters[0].second, "gold");
  EXPECT_TRUE(service.require_jti);
}

// To YAML the first is a map and the second a list.
TEST(ConfigEnvironment, TakesForATextWhatLooksLikeOne) {
  const auto outcome = outcome_of({{"ASSAY_STORES_TOKENS", "memory:"}, {"ASSAY_AUDIT_FILE", "-"}});
  EXPECT_EQ(outcome.faults, "");
  EXPECT_EQ(outcome.settings.stores.tokens, "memory:");
  EXPECT_EQ(outcome.settings.audit.file, "-");
}

TEST(ConfigEnvironment, ChangesOneServiceOfTheFileAndAddsAnother) {
  const auto outcome = outcome_of(
      {{"ASSAY_TOKEN_SERVICES_1_CLOCK_SKEW", "5s"}, {"ASSAY_TOKEN_SERVICES_2_PATH", "/c"}},
      "token_services: [{path: /a}, {path: /b, require_jti: true}]");
  EXPECT_EQ(outcome.faults, "");
  ASSERT_EQ(outcome.settings.token_services.size(), 3U);
  EXPECT_EQ(outcome.settings.token_services[0].clock_skew, 30s);
  EXPECT_EQ(outcome.settings.token_services[1].clock_skew, 5s);
  EXPECT_EQ(outcome.settings.token_services[1].path, "/b");
  EXPECT_TRUE(outcome.settings.token_services[1].require_jti);
  EXPECT_EQ(outcome.settings.token_services[2].path, "/c");
}

TEST(ConfigEnvironment, AddsServicesBesideTheDefaultOneWhateverTheOrderOfTheirNames) {
  Environment environment;
  for (int index = 1; index <= 11; ++index)
    environment["ASSAY_TOKEN_SERVICES_" + std::to_string(index) + "_PATH"] =
        "/s" + std::to_string(index);
  const auto outcome = outcome_of(environment);
  EXPECT_EQ(outcome.faults, "");
  ASSERT_EQ(outcome.settings.token_services.size(), 12U);
  EXPECT_EQ(outcome.settings.token_services[0].path, "/api/oauth/token");
  EXPECT_EQ(outcome.settings.token_services[11].path, "/s11");
}

TEST(ConfigEnvironment, RefusesAGapInAList) {
  EXPECT_EQ(outcome_of({{"ASSAY_TOKEN_SERVICES_2_PATH", "/c"}}).faults,
            "environment ASSAY_TOKEN_SERVICES_2_PATH: token_services[2]: the next index of this "
            "list is 1");
  EXPECT_EQ(outcome_of({{"ASSAY_TOKEN_SERVICES_0_AUDIENCE_2", "urn:c"}}).faults,
            "environment ASSAY_TOKEN_SERVICES_0_AUDIENCE_2: token_services[0].audience[2]: the "
            "next index of this list is 1");
}

TEST(ConfigEnvironment, ChangesAndAddsItemsOfAListOfTexts) {
  const auto outcome = outcome_of({{"ASSAY_TOKEN_SERVICES_0_AUDIENCE_1", "urn:B"},
                                   {"ASSAY_TOKEN_SERVICES_0_AUDIENCE_2", "urn:c"},
                                   {"ASSAY_TOKEN_SERVICES_0_RESOURCE_0", "urn:r"},
                                   {"ASSAY_TOKEN_SERVICES_1_AUDIENCE_1", "urn:e"},
                                   {"ASSAY_TOKEN_SERVICES_2_AUDIENCE_1", "urn:f"}},
                                  "token_services: [{audience: [urn:a, urn:b]},"
                                  "                 {audience: urn:d}, {}]");
  EXPECT_EQ(outcome.faults, "");
  const auto& services = outcome.settings.token_services;
  EXPECT_EQ(services[0].audiences, (Texts{"urn:a", "urn:B", "urn:c"}));
  EXPECT_EQ(services[0].resources, Texts{"urn:r"});
  EXPECT_EQ(services[1].audiences, (Texts{"urn:d", "urn:e"}));
  EXPECT_EQ(services[2].audiences, (Texts{"http://apiserver/api/oauth/token", "urn:f"}));
}

TEST(ConfigEnvironment, PutsItemsOverAListThatIsSetAsAWhole) {
  const auto outcome = outcome_of({{"ASSAY_TOKEN_SERVICES_0_AUDIENCE", "[urn:a]"},
                                   {"ASSAY_TOKEN_SERVICES_0_AUDIENCE_1", "urn:b"}});
  EXPECT_EQ(outcome.faults, "");
  EXPECT_EQ(outcome.settings.token_services[0].audiences, (Texts{"urn:a", "urn:b"}));
}

class ConfigEnvironmentFile : public ::testing::Test {
protected:
  std::string file_of(const std::string& text) {
    std::ofstream(folder_ / "value", std::ios::binary) << text;
    return folder_ / "value";
  }

  testing::ScratchFolder folder_;
};

TEST_F(ConfigEnvironmentFile, HoldsTheValueWithoutTheLineEnd) {
  for (const auto* text : {"[urn:a]", "[urn:a]\n", "[urn:a]\r\n"}) {
    const auto outcome = outcome_of({{"ASSAY_TOKEN_SERVICES_0_AUDIENCE_FILE", file_of(text)}});
    EXPECT_EQ(outcome.faults, "");
    EXPECT_EQ(outcome.settings.token_services[0].audiences, Texts{"urn:a"});
  }
}

// `audit.file` is a setting, and not the file of a setting `audit`.
TEST_F(ConfigEnvironmentFile, IsNotMeantByASettingThatIsAFileItself) {
  EXPECT_EQ(outcome_of({{"ASSAY_AUDIT_FILE", "a.jsonl"}}).settings.audit.file, "a.jsonl");
  const auto outcome = outcome_of({{"ASSAY_AUDIT_FILE_FILE", file_of("b.jsonl\n")}});
  EXPECT_EQ(outcome.faults, "");
  EXPECT_EQ(outcome.settings.audit.file, "b.jsonl");
}

TEST_F(ConfigEnvironmentFile, MustBeThere) {
  EXPECT_EQ(outcome_of({{"ASSAY_ISSUER_FILE", "/nowhere"}}).faults,
            "environment ASSAY_ISSUER_FILE: /nowhere cannot be read: No such file or directory");
}

TEST_F(ConfigEnvironmentFile, MustNotStandBesideTheValueItself) {
  EXPECT_EQ(outcome_of({{"ASSAY_ISSUER", "https://a.example"},
                        {"ASSAY_ISSUER_FILE", file_of("https://b.example")}})
                .faults,
            "environment ASSAY_ISSUER_FILE: issuer: is also set by environment ASSAY_ISSUER");
}

TEST(ConfigEnvironment, RefusesNamesOfNoSetting) {
  EXPECT_EQ(outcome_of({{"ASSAY_LISTN_PORT", "1"}}).faults,
            "environment ASSAY_LISTN_PORT: is the name of no setting; did you mean "
            "ASSAY_LISTEN_PORT?");
  EXPECT_EQ(outcome_of({{"ASSAY_TOKEN_SERVICES_3_AUDIENC", "1"}}).faults,
            "environment ASSAY_TOKEN_SERVICES_3_AUDIENC: is the name of no setting; did you mean "
            "ASSAY_TOKEN_SERVICES_3_AUDIENCE?");
  for (const auto* name :
       {"ASSAY_", "ASSAY_BINARY", "ASSAY_LISTEN", "ASSAY_LISTEN_PORT_0", "ASSAY_LISTEN_PORT_",
        "ASSAY_listen_port", "ASSAY_TOKEN_SERVICES_PATH", "ASSAY_TOKEN_SERVICES_00_PATH",
        "ASSAY_TOKEN_SERVICES_0_AUDIENCE_x", "ASSAY_TOKEN_SERVICES_0_PARAMETERS_a",
        "ASSAY_TOKEN_SERVICES_99999999999999999999_PATH"})
    EXPECT_TRUE(
        outcome_of({{name, "1"}})
            .faults.starts_with(std::string("environment ") + name + ": is the name of no setting"))
        << name;
}

TEST(ConfigEnvironment, HasNoBusinessWithOtherVariables) {
  EXPECT_EQ(outcome_of({{"PATH", "/bin"}, {"assay_listen_port", "1"}}).faults, "");
}

TEST(ConfigEnvironment, NamesTheVariableOfABadValue) {
  EXPECT_EQ(outcome_of({{"ASSAY_LISTEN_PORT", "x"}, {"ASSAY_LOG_LEVEL", ""}}).faults,
            "environment ASSAY_LISTEN_PORT: listen.port: \"x\" is not a whole number from 0 to "
            "65535\n"
            "environment ASSAY_LOG_LEVEL: log.level: nothing is not one of debug, info, warning, "
            "error");
}

TEST(ConfigEnvironment, NotesAValueThatIsNoYamlOnce) {
  EXPECT_EQ(outcome_of({{"ASSAY_LISTEN_PORT", "["}}).faults,
            "environment ASSAY_LISTEN_PORT: is not YAML: end of sequence flow not found");
}

// The file's fault is the one to repair first.
TEST(ConfigEnvironment, LeavesAGroupOfAnotherShapeToTheReader) {
  EXPECT_EQ(outcome_of({{"ASSAY_LISTEN_PORT", "1"}, {"ASSAY_TOKEN_SERVICES_0_PATH", "/a"}},
                       "listen: [1]\ntoken_services: {path: /b}\n")
                .faults,
            "assay.yaml:1:9: listen: a list is not a map of settings\n"
            "assay.yaml:2:17: token_services: a map is not a list of 1 to 64 token services");
}

TEST(ConfigEnvironment, NamesAVariableForEachPath) {
  EXPECT_EQ(variable_name("listen.port", 0), "ASSAY_LISTEN_PORT");
  EXPECT_EQ(variable_name("token_services[].access_token.length", 2),
            "ASSAY_TOKEN_SERVICES_2_ACCESS_TOKEN_LENGTH");
}

TEST(ConfigEnvironment, OfTheProcessIsWhatIsOurs) {
  ASSERT_EQ(::setenv("ASSAY_LISTEN_PORT", "a=b", 1), 0);
  const Environment environment = process_environment();
  ASSERT_EQ(::unsetenv("ASSAY_LISTEN_PORT"), 0);
  EXPECT_EQ(environment.at("ASSAY_LISTEN_PORT"), "a=b");
  for (const auto& [name, value] : environment)
    EXPECT_TRUE(name.starts_with("ASSAY_")) << name;
}

} // namespace
} // namespace assay::server
