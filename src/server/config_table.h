// Every setting that there is, once: its name, its member in Settings, its values, its meaning. The
// reader, the environment, the JSON Schema, the page and the sample file all come from here.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strict_json.h"
#include "server/config_fault.h"
#include "server/config_kind.h"
#include "server/config_tree.h"
#include "server/settings.h"

namespace assay::server {

// Of the list of token services; `token_services[]` begins the paths of their settings.
inline constexpr std::string_view kServiceList = "token_services";
inline constexpr std::size_t kServicesMax = 64;

// When a changed value counts.
enum class Change { at_reload, at_start };

struct Setting {
  std::string path; // "listen.port", "token_services[].access_token.length"
  Change change;
  std::string help;    // sentences
  std::string allowed; // goes on from "is not"
  json::object schema;

  // `service` is the index of the token service; others pass over it. read() leaves the settings as
  // they are if the node is not allowed, and returns false.
  std::function<bool(const ConfigNode&, const FaultNotes&, Settings&, std::size_t service)> read;
  std::function<json::value(const Settings&, std::size_t service)> value;

  bool is_of_service() const { return path.starts_with(kServiceList); }

  // `path` with the index of the service in it.
  std::string path_in(std::size_t service) const;

  json::value default_value() const { return value(Settings{}, 0); }
};

// In the order in which they are documented: those of a group, and those of the services, stand
// together.
const std::vector<Setting>& settings_table();

// Null if there is none.
const Setting* find_setting(std::string_view path);

} // namespace assay::server
