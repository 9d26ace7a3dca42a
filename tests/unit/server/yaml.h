// Reads YAML as the server does, but from the test's own text.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "server/config_reader.h"
#include "server/config_tree.h"

namespace assay::server {

// The tree of a text without faults.
inline ConfigNode tree_of(std::string_view yaml) {
  ConfigFaults faults;
  ConfigNode tree = parse_config_text(yaml, "assay.yaml", Lines::counted, faults);
  EXPECT_EQ(to_text(faults), "");
  return tree;
}

// The settings of a text without faults.
inline Settings settings_of(std::string_view yaml) {
  ConfigFaults faults;
  ConfigReading reading = read_settings(tree_of(yaml), faults);
  EXPECT_EQ(to_text(faults), "");
  return reading.settings;
}

// What is wrong with the settings of a text that is good YAML, one fault a line.
inline std::string faults_of(std::string_view yaml) {
  ConfigFaults faults;
  read_settings(tree_of(yaml), faults);
  return to_text(faults);
}

} // namespace assay::server
