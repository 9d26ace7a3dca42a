#include "server/config.h"

#include <fstream>

#include <gtest/gtest.h>

#include "server/config_table.h"
#include "support/scratch_folder.h"

namespace assay::server {
namespace {

// What the product promises, word for word.
constexpr const char* kPromised = R"(
issuer: http://apiserver                  # the server's issuer identifier (RFC 8414)
listen: {address: 127.0.0.1, port: 8080, threads: 0}        # 0: one a core
manager: {address: 127.0.0.1, port: 8090}
stores:
  registry: sqlite:registry.db            # paths are relative to the data folder; or file:FILE.json, postgresql://...
  tokens: sqlite:tokens.db                # or memory:, postgresql://..., redis://..., redis+cluster://host:port,host:port
  usage: sqlite:usage.db
  purge_every: 60s
audit: {file: audit.jsonl}                # in the data folder; "-" is standard output
token_services:
  - path: /api/oauth/token
    registry: ClientApplicationRegistry
    audience: [http://apiserver/api/oauth/token]
    resource: []                          # the audience of the tokens; empty: the issuer
    validate_scopes: true
    scope_match: any
    clock_skew: 30s
    longest_assertion_life: 300s
    require_jti: false
    require_subject: false
    access_token: {lifetime: 3600s, length: 54, type: Bearer, format: opaque}
    refresh_token: {issue: false, lifetime: 43200s, length: 46}
    parameters: {}                        # name/value pairs stored with each token
    monitoring: {enabled: true, service_name: "", client_attribute: client_id}
)";

class ConfigTest : public ::testing::Test {
protected:
  std::filesystem::path file_of(const std::string& text) {
    std::ofstream(folder_ / "assay.yaml", std::ios::binary) << text;
    return folder_ / "assay.yaml";
  }

  std::string faults_of(const std::optional<std::filesystem::path>& file,
                        const Environment& environment) {
    const auto config = read_config(file, environment);
    if (config) return "";
    std::string text = to_text(config.error());
    const std::string folder = folder_.path().string() + "/";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
      text.erase(at, folder.size());
    return text;
  }

  testing::ScratchFolder folder_;
};

const EffectiveSetting& effective(const Config& config, std::string_view path) {
  return *std::ranges::find(config.effective, path, &EffectiveSetting::path);
}

TEST_F(ConfigTest, OfAnEmptyFileIsWhatTheProductPromises) {
  const auto promised = read_config(file_of(kPromised), {});
  const auto empty = read_config(file_of(""), {});
  const auto none = read_config(std::nullopt, {});
  ASSERT_TRUE(promised && empty && none);
  ASSERT_EQ(promised->effective.size(), settings_table().size());
  for (std::size_t index = 0; index < settings_table().size(); ++index) {
    EXPECT_EQ(empty->effective[index].value, promised->effective[index].value)
        << empty->effective[index].path;
    EXPECT_EQ(none->effective[index].value, promised->effective[index].value);
    EXPECT_EQ(empty->effective[index].origin, "default");
  }
}

TEST_F(ConfigTest, SaysWhereEachSettingComesFrom) {
  const auto file = file_of("listen:\n  port: 81\ntoken_services: [{}, {path: /b}]\n");
  const auto config = read_config(file, {{"ASSAY_TOKEN_SERVICES_1_CLOCK_SKEW", "5s"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(effective(*config, "listen.port").origin, file.string() + ":2:9");
  EXPECT_EQ(effective(*config, "listen.port").value, json::value(81));
  EXPECT_EQ(effective(*config, "listen.address").origin, "default");
  EXPECT_EQ(effective(*config, "token_services[1].path").origin, file.string() + ":3:29");
  EXPECT_EQ(effective(*config, "token_services[0].clock_skew").origin, "default");
  EXPECT_EQ(effective(*config, "token_services[1].clock_skew").origin,
            "environment ASSAY_TOKEN_SERVICES_1_CLOCK_SKEW");
  EXPECT_EQ(effective(*config, "token_services[1].clock_skew").value, json::value("5s"));
}

TEST_F(ConfigTest, HasAllItsFaultsAtOnceDownTheFileThenByVariable) {
  const auto file = file_of("manager: {port: 8080}\n"
                            "listen: {threads: many, threads: 2}\n"
                            "log: {levle: info}\n");
  EXPECT_EQ(faults_of(file, {{"ASSAY_LOG_FORMAT", "xml"}, {"ASSAY_BINARY", "assay"}}),
            "assay.yaml:1:17: manager.port: \"8080\" is also listen.port; they must differ\n"
            "assay.yaml:2:19: listen.threads: \"many\" is not a whole number from 0 to 1024\n"
            "assay.yaml:2:25: listen.threads: stands here twice, first at assay.yaml:2:19\n"
            "assay.yaml:3:7: log.levle: is unknown here; did you mean level?\n"
            "environment ASSAY_BINARY: is the name of no setting\n"
            "environment ASSAY_LOG_FORMAT: log.format: \"xml\" is not one of text, json");
}

TEST_F(ConfigTest, MustBeThereIfAFileIsNamed) {
  EXPECT_EQ(faults_of(folder_ / "missing.yaml", {}),
            "missing.yaml: cannot be read: No such file or directory");
}

TEST_F(ConfigTest, SaysThatAFileIsNoYamlOnce) {
  EXPECT_EQ(faults_of(file_of("listen: {port: 80\n"), {}),
            "assay.yaml:2:1: is not YAML: end of map flow not found; a text that ends with a colon "
            "needs quotes");
}

TEST(ConfigReload, KnowsWhatOnlyARestartCanChange) {
  const Settings running;
  Settings wanted;
  EXPECT_TRUE(fixed_while_running(running, wanted).empty());
  wanted.listen.port = 81;
  wanted.manager.address = "127.0.0.2";
  wanted.stores.purge_every = std::chrono::seconds(5);
  wanted.audit.node = "b";
  wanted.limits.connections = 7;
  EXPECT_EQ(fixed_while_running(running, wanted),
            (std::vector<std::string>{"listen.port", "manager.address", "stores.purge_every",
                                      "audit.node", "limits.connections"}));
}

TEST(ConfigReload, LeavesTheRestToTheRunningServer) {
  Settings wanted;
  wanted.issuer = "https://other.example";
  wanted.log.level = observe::LogLevel::debug;
  wanted.limits.assertion_bytes = 2048;
  wanted.token_services.resize(3);
  wanted.token_services[0].path = "/other";
  EXPECT_TRUE(fixed_while_running(Settings{}, wanted).empty());
}

} // namespace
} // namespace assay::server
