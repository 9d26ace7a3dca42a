#include "server/config_page.h"

#include <gtest/gtest.h>

#include "server/config_file.h"
#include "server/config_table.h"
#include "server/config_yaml.h"

namespace assay::server {
namespace {

TEST(ConfigPage, HasALineForEverySetting) {
  const std::string page = settings_page();
  for (const Setting& setting : settings_table()) {
    const std::string name =
        setting.is_of_service() ? setting.path.substr(kServiceList.size() + 3) : setting.path;
    const std::string line =
        "\n| `" + name + "` | `" + to_yaml(setting.default_value()) + "` | " + setting.allowed;
    EXPECT_TRUE(page.contains(line)) << setting.path;
    EXPECT_TRUE(page.contains(setting.help)) << setting.path;
  }
}

TEST(ConfigPage, SaysWhatNeedsARestart) {
  EXPECT_TRUE(settings_page().contains("| `listen.port` | `8080` | a whole number from 0 to 65535 "
                                       "| start |"));
  EXPECT_TRUE(settings_page().contains("| `clock_skew` | `30s` | a duration in whole seconds from "
                                       "0 to 10m | reload |"));
}

TEST(ConfigPage, IsTheOneInTheDocumentation) {
  EXPECT_TRUE(read_config_file(ASSAY_TEST_VECTORS "/../../docs/settings.md") == settings_page())
      << "`assay config docs > docs/settings.md` makes it anew";
}

} // namespace
} // namespace assay::server
