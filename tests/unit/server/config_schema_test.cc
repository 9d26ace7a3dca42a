#include "server/config_schema.h"

#include <gtest/gtest.h>

#include "server/config_table.h"

namespace assay::server {
namespace {

// The schema of the setting or group with that path.
json::value at(std::string_view pointer) {
  return json::value(config_schema()).at_pointer(pointer);
}

TEST(ConfigSchema, NamesItsDraft) {
  EXPECT_EQ(at("/$schema"), json::value("https://json-schema.org/draft/2020-12/schema"));
}

TEST(ConfigSchema, DescribesEverySetting) {
  for (const Setting& setting : settings_table()) {
    std::string pointer;
    std::string_view path = setting.path;
    while (!path.empty()) {
      std::string_view name = path.substr(0, path.find('.'));
      path.remove_prefix(std::min(name.size() + 1, path.size()));
      const bool list = name.ends_with("[]");
      if (list) name.remove_suffix(2);
      pointer.append("/properties/").append(name).append(list ? "/items" : "");
    }
    EXPECT_EQ(at(pointer + "/description"), json::value(setting.help));
    EXPECT_EQ(at(pointer + "/default"), setting.default_value());
  }
}

TEST(ConfigSchema, LeavesNoRoomForOtherNames) {
  for (const auto* group : {"", "/properties/listen", "/properties/token_services/items",
                            "/properties/token_services/items/properties/access_token"})
    EXPECT_EQ(at(std::string(group) + "/additionalProperties"), json::value(false)) << group;
}

TEST(ConfigSchema, HasTheValuesThatTheReaderAllows) {
  const std::string port = "/properties/listen/properties/port";
  EXPECT_EQ(at(port + "/type"), json::value("integer"));
  EXPECT_EQ(at(port + "/maximum"), json::value(65535));
  const std::string service = "/properties/token_services/items/properties";
  EXPECT_EQ(at(service + "/scope_match/enum"), json::value({"any", "all"}));
  EXPECT_EQ(at(service + "/audience/anyOf/1/minItems"), json::value(1));
}

} // namespace
} // namespace assay::server
