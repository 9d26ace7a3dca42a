#include "server/config_table.h"

#include <set>

#include <gtest/gtest.h>

#include "server/config_environment.h"
#include "server/config_yaml.h"
#include "unit/server/yaml.h"

namespace assay::server {
namespace {

Settings with_two_services() {
  Settings settings;
  settings.token_services.resize(2);
  return settings;
}

TEST(ConfigTable, HasADefaultForEverySettingThatPassesItsOwnCheck) {
  for (const Setting& setting : settings_table()) {
    ConfigFaults faults;
    Settings settings;
    EXPECT_TRUE(setting.read(tree_of(to_yaml(setting.default_value())),
                             FaultNotes(setting.path, faults), settings, 0))
        << to_text(faults);
    EXPECT_EQ(setting.value(settings, 0), setting.default_value()) << setting.path;
  }
}

// A row that is bound to the wrong member would change another one's value.
TEST(ConfigTable, BindsEachSettingToAMemberOfItsOwn) {
  const auto yaml_unlike = [](const json::value& value) -> std::string {
    if (value.is_bool()) return value.as_bool() ? "false" : "true";
    if (value.is_array()) return "[urn:other]";
    if (value.is_object()) return "{other: value}";
    return "";
  };
  // One of these is allowed, and is not the default.
  const std::vector<std::string> others = {"23",
                                           "24KiB",
                                           "23s",
                                           "123s",
                                           "keep",
                                           "[10.0.0.0/8]",
                                           "all",
                                           "name",
                                           "warning",
                                           "json",
                                           "other",
                                           "/other",
                                           "1.2.3.4",
                                           "https://other.example",
                                           "sqlite:other.db",
                                           "jwt",
                                           "mint",
                                           "PS256",
                                           "dpop",
                                           "env:OTHER"};
  for (const Setting& setting : settings_table()) {
    Settings changed = with_two_services();
    std::vector<std::string> candidates = others;
    candidates.insert(candidates.begin(), yaml_unlike(setting.default_value()));
    bool read = false;
    for (const std::string& yaml : candidates) {
      ConfigFaults ignored;
      read = read || setting.read(tree_of(yaml), FaultNotes("", ignored), changed, 1);
    }
    ASSERT_TRUE(read) << setting.path;

    for (const Setting& other : settings_table()) {
      const bool same = other.path == setting.path;
      const std::size_t service = setting.is_of_service() ? 1 : 0;
      EXPECT_EQ(other.value(changed, service) == other.default_value(), !same)
          << setting.path << " and " << other.path;
      if (other.is_of_service()) EXPECT_EQ(other.value(changed, 0), other.default_value());
    }
  }
}

TEST(ConfigTable, LeavesTheSettingAsItIsWhenTheValueIsRefused) {
  ConfigFaults faults;
  Settings settings;
  settings.listen.port = 99;
  EXPECT_FALSE(find_setting("listen.port")
                   ->read(tree_of("70000"), FaultNotes("listen.port", faults), settings, 0));
  EXPECT_EQ(settings.listen.port, 99);
}

TEST(ConfigTable, DescribesEverySetting) {
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(setting.help.ends_with('.')) << setting.path;
    EXPECT_FALSE(setting.allowed.empty()) << setting.path;
    EXPECT_FALSE(setting.schema.empty()) << setting.path;
  }
}

// A variable that meant two settings, or a setting and another one's file, could not be resolved.
TEST(ConfigTable, GivesEverySettingAPathAndAVariableOfItsOwn) {
  std::set<std::string> paths;
  std::set<std::string> variables;
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(paths.insert(setting.path).second) << setting.path;
    EXPECT_TRUE(variables.insert(variable_name(setting.path, 0)).second) << setting.path;
  }
  for (const std::string& variable : variables)
    EXPECT_FALSE(variables.contains(variable + "_FILE")) << variable;
}

TEST(ConfigTable, KeepsGroupsTogether) {
  std::set<std::string> left;
  std::string current;
  for (const Setting& setting : settings_table()) {
    const std::string group = setting.path.substr(0, setting.path.find('.'));
    if (group == current) continue;
    EXPECT_TRUE(left.insert(group).second) << setting.path;
    current = group;
  }
}

// Every request is served with the settings that its service has at that moment.
TEST(ConfigTable, LetsEverySettingOfAServiceChangeAtAReload) {
  for (const Setting& setting : settings_table())
    if (setting.is_of_service()) EXPECT_EQ(setting.change, Change::at_reload) << setting.path;
}

TEST(ConfigTable, KnowsTwoFormatsOfAccessTokens) {
  EXPECT_EQ(faults_of("token_services: [{access_token: {format: jwt, algorithm: PS256}}]"), "");
  EXPECT_EQ(faults_of("token_services: [{access_token: {format: paseto}}]"),
            "assay.yaml:1:42: token_services[0].access_token.format: \"paseto\" is not one of "
            "opaque, jwt");
}

// None that whoever checks a token could make itself, and no curve that few libraries know.
TEST(ConfigTable, SignsByFourAlgorithms) {
  for (const std::string algorithm : {"HS256", "none", "ES384", "es256"})
    EXPECT_NE(faults_of("introspection: {signing_algorithm: " + algorithm + "}"), "") << algorithm;
}

TEST(ConfigTable, TakesTheKeyEncryptionSecretFromAPlaceAlone) {
  EXPECT_EQ(faults_of("signing_keys: {encryption_key: \"env:KEY\"}"), "");
  for (const std::string place : {"secret", "file:", "env:", "http://a"})
    EXPECT_NE(faults_of("signing_keys: {encryption_key: \"" + place + "\"}"), "") << place;
}

TEST(ConfigTable, NamesThePathWithTheIndexOfTheService) {
  EXPECT_EQ(find_setting("token_services[].path")->path_in(3), "token_services[3].path");
  EXPECT_EQ(find_setting("listen.port")->path_in(3), "listen.port");
  EXPECT_FALSE(find_setting("token_services[3].path"));
}

// Each is refused, by the setting's own path.
TEST(ConfigTable, HoldsEachSettingToItsRange) {
  const std::pair<std::string, std::string> bad[] = {
      {"issuer", "tokens.example"},
      {"listen.address", "localhost"},
      {"listen.port", "65536"},
      {"listen.threads", "1025"},
      {"manager.address", "\"\""},
      {"manager.port", "-1"},
      {"stores.registry", "redis://host"},
      {"stores.tokens", "file:tokens.json"},
      {"stores.usage", "\"sqlite:\""},
      {"stores.purge_every", "0"},
      {"audit.file", "\"\""},
      {"audit.node", std::string(129, 'n')},
      {"log.level", "verbose"},
      {"log.format", "xml"},
      {"limits.body", "17MiB"},
      {"limits.header", "1"},
      {"limits.assertion", "2MiB"},
      {"limits.jti", "15"},
      {"limits.kid", "5KiB"},
      {"limits.json_depth", "65"},
      {"limits.connections", "0"},
      {"limits.parsed_keys", "0"},
      {"limits.request_wait", "2h"},
      {"limits.idle_wait", "0"},
      {"limits.drain_wait", "1d"},
  };
  for (const auto& [path, value] : bad) {
    const std::size_t dot = path.find('.');
    const std::string yaml =
        dot == std::string::npos
            ? path + ": " + value
            : path.substr(0, dot) + ": {" + path.substr(dot + 1) + ": " + value + "}";
    EXPECT_TRUE(faults_of(yaml).contains(": " + path + ": ")) << yaml << '\n' << faults_of(yaml);
  }
}

TEST(ConfigTable, HoldsEachSettingOfAServiceToItsRange) {
  const std::pair<std::string, std::string> bad[] = {
      {"path", "/metrics"},
      {"path", "token"},
      {"registry", "\"a b\""},
      {"audience", "[]"},
      {"audience", "[\"\"]"},
      {"resource", "\"urn:a#b\""},
      {"resource", "relative"},
      {"validate_scopes", "maybe"},
      {"scope_match", "some"},
      {"clock_skew", "11m"},
      {"longest_assertion_life", "0"},
      {"longest_assertion_life", "2d"},
      {"require_jti", "1"},
      {"require_subject", "\"true\""},
      {"access_token", "{lifetime: 0}"},
      {"access_token", "{lifetime: 367d}"},
      {"access_token", "{length: 21}"},
      {"access_token", "{length: 513}"},
      {"access_token", "{type: \"a b\"}"},
      {"refresh_token", "{issue: no}"},
      {"refresh_token", "{lifetime: 0}"},
      {"refresh_token", "{length: 21}"},
      {"refresh_token", "{length: 513}"},
      {"parameters", "{scope: all}"},
      {"parameters", "[a, b]"},
      {"parameters", "{a: \"b\\nc\"}"},
      {"monitoring", "{enabled: 1}"},
      {"monitoring", "{service_name: [a]}"},
      {"monitoring", "{client_attribute: aud}"},
  };
  for (const auto& [name, value] : bad)
    EXPECT_TRUE(faults_of("token_services: [{" + name + ": " + value + "}]")
                    .contains(": token_services[0]." + name))
        << name << ": " << value;
}

} // namespace
} // namespace assay::server
