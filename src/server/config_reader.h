// From the tree of a config to the settings that it names.
#pragma once

#include <map>
#include <set>
#include <string>

#include "server/config_fault.h"
#include "server/config_tree.h"
#include "server/settings.h"

namespace assay::server {

struct ConfigReading {
  Settings settings;
  std::map<std::string, ConfigPlace> places; // of what is in the tree; "" is the tree itself
  std::set<std::string> refused;             // with a fault; they have their defaults

  // The setting was refused, or what it stands in was.
  bool is_refused(std::string path) const;

  // The place of the setting, or of the nearest thing that it stands in.
  ConfigPlace place_of(std::string path) const;
};

// The defaults where the tree says nothing. Each setting is judged by itself; see
// config_consistency for what they must be to each other.
ConfigReading read_settings(const ConfigNode& tree, ConfigFaults& faults);

} // namespace assay::server
