#include "server/config_yaml.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

TEST(ConfigYaml, WritesTextsPlainWhereTheyCanBe) {
  for (const auto* text : {"any", "sqlite:tokens.db", "/api/oauth/token", "30s", "500ms", "64KiB",
                           "127.0.0.1", "http://apiserver", "Bearer"})
    EXPECT_EQ(to_yaml(json::value(text)), text);
}

// They would be numbers, flags, nothing, maps or lists.
TEST(ConfigYaml, QuotesTextsThatWouldBeSomethingElse) {
  for (const auto* text : {"", "-", "8080", "1.5", "1e5", "0x1F", "true", "No", "null", "~", "y",
                           "memory:", "a b", "a#b", "::1", "[a]", "http://h:${port}", "*a", "1:30"})
    EXPECT_EQ(to_yaml(json::value(text)), "\"" + std::string(text) + "\"");
}

TEST(ConfigYaml, WritesListsAndMapsOnOneLine) {
  EXPECT_EQ(to_yaml(json::array{"a", "b c", 1}), "[a, \"b c\", 1]");
  EXPECT_EQ(to_yaml(json::object{{"a", "b"}, {"c d", true}}), "{a: b, \"c d\": true}");
  EXPECT_EQ(to_yaml(json::array()), "[]");
  EXPECT_EQ(to_yaml(json::object()), "{}");
}

TEST(ConfigYaml, IsReadBackAsTheSameText) {
  for (const auto* text : {"plain", "memory:", "say \"x\"", "a\\b", "a\nb\t\x01", "/a/b",
                           "\xC3\xA9\xF0\x9F\x90\x8A", "a: b", "'"})
    EXPECT_EQ(tree_of(to_yaml(json::value(text))).text, text);
}

} // namespace
} // namespace assay::server
