// Reads the settings of a server: the defaults, then a YAML file, then the environment. What can be
// set is in server/config_table alone.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/strict_json.h"
#include "server/config_environment.h"
#include "server/config_fault.h"
#include "server/settings.h"

namespace assay::server {

// A setting as it is in force.
struct EffectiveSetting {
  std::string path; // "token_services[0].clock_skew"
  json::value value;
  std::string origin; // "default", "assay.yaml:7:15", "environment ASSAY_LISTEN_PORT"
};

struct Config {
  Settings settings;
  std::vector<EffectiveSetting> effective; // every setting, in the order of the table
};

// Without a file: the defaults and the environment. If anything is wrong, all that is; then nothing
// of it is taken.
std::expected<Config, ConfigFaults> read_config(const std::optional<std::filesystem::path>& file,
                                                const Environment& environment);

// The paths of the settings that differ and take effect only when the server starts.
std::vector<std::string> fixed_while_running(const Settings& running, const Settings& wanted);

} // namespace assay::server
