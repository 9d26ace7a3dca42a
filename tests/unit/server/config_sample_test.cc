#include "server/config_sample.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "server/config_file.h"
#include "server/config_table.h"
#include "unit/server/yaml.h"

namespace assay::server {
namespace {

TEST(ConfigSample, SetsEverySettingToItsDefault) {
  ConfigFaults faults;
  const ConfigReading reading = read_settings(tree_of(sample_config()), faults);
  EXPECT_EQ(to_text(faults), "");
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(reading.places.contains(setting.path_in(0))) << setting.path;
    EXPECT_EQ(setting.value(reading.settings, 0), setting.default_value()) << setting.path;
  }
}

TEST(ConfigSample, KeepsWithinTheColumns) {
  std::istringstream lines(sample_config());
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 100U) << line;
}

TEST(ConfigSample, IsTheOneAmongTheExamples) {
  EXPECT_TRUE(read_config_file(ASSAY_TEST_VECTORS "/../../examples/assay.yaml") == sample_config())
      << "`assay config sample > examples/assay.yaml` makes it anew";
}

} // namespace
} // namespace assay::server
