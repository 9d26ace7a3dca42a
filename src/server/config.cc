#include "server/config.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "server/config_consistency.h"
#include "server/config_file.h"
#include "server/config_reader.h"
#include "server/config_table.h"

namespace assay::server {

namespace {

ConfigNode read_file(const std::filesystem::path& path, ConfigFaults& faults) {
  const auto text = read_config_file(path);
  if (text) return parse_config_text(*text, path.string(), Lines::counted, faults);
  faults.push_back({path.string(), 0, 0, {}, text.error()});
  return {};
}

// As somebody would go through them: down the file, then the variables by name.
void sort(ConfigFaults& faults) {
  std::ranges::sort(faults, {}, [](const ConfigFault& fault) {
    const bool in_environment = fault.line == 0;
    return std::tuple(in_environment, fault.line, fault.column, fault.where, fault.setting);
  });
}

std::vector<EffectiveSetting> effective_settings(const ConfigReading& reading) {
  std::vector<EffectiveSetting> effective;
  const auto add = [&](const Setting& setting, std::size_t service) {
    std::string path = setting.path_in(service);
    const auto place = reading.places.find(path);
    effective.push_back({std::move(path), setting.value(reading.settings, service),
                         place == reading.places.end() ? "default" : to_text(place->second)});
  };
  for (const Setting& setting : settings_table())
    if (!setting.is_of_service()) add(setting, 0);
  for (std::size_t service = 0; service < reading.settings.token_services.size(); ++service)
    for (const Setting& setting : settings_table())
      if (setting.is_of_service()) add(setting, service);
  return effective;
}

} // namespace

std::expected<Config, ConfigFaults> read_config(const std::optional<std::filesystem::path>& file,
                                                const Environment& environment) {
  ConfigFaults faults;
  ConfigNode tree;
  if (file) tree = read_file(*file, faults);
  apply_environment(environment, tree, faults);
  ConfigReading reading = read_settings(tree, faults);
  check_consistency(reading, faults);
  sort(faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return Config{reading.settings, effective_settings(reading)};
}

std::vector<std::string> fixed_while_running(const Settings& running, const Settings& wanted) {
  std::vector<std::string> paths;
  for (const Setting& setting : settings_table())
    if (setting.change == Change::at_start && setting.value(running, 0) != setting.value(wanted, 0))
      paths.push_back(setting.path);
  return paths;
}

} // namespace assay::server
