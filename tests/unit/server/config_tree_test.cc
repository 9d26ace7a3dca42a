#include "server/config_tree.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

using Kind = ConfigNode::Kind;

std::string yaml_faults(std::string_view yaml, Lines lines = Lines::counted) {
  ConfigFaults faults;
  parse_config_text(yaml, "assay.yaml", lines, faults);
  return to_text(faults);
}

TEST(ConfigTree, KeepsWhatWasWrittenAndWhere) {
  const ConfigNode tree = tree_of("listen:\n  port: 80\nlist: [a, 'b']\n");
  ASSERT_EQ(tree.kind, Kind::map);
  ASSERT_EQ(tree.members.size(), 2U);
  EXPECT_EQ(to_text(tree.members[0].place), "assay.yaml:1:1");

  const ConfigNode* port = tree.find("listen")->find("port");
  ASSERT_TRUE(port);
  EXPECT_EQ(port->kind, Kind::plain);
  EXPECT_EQ(port->text, "80");
  EXPECT_EQ(to_text(port->place), "assay.yaml:2:9");

  const ConfigNode* list = tree.find("list");
  ASSERT_EQ(list->kind, Kind::list);
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_EQ(list->items[1].kind, Kind::quoted);
  EXPECT_EQ(to_text(list->items[1].place), "assay.yaml:3:11");
  EXPECT_FALSE(tree.find("nothing"));
}

TEST(ConfigTree, TellsNothingFromAnEmptyText) {
  const ConfigNode tree = tree_of("a:\nb: ~\nc: null\nd: \"\"\ne: \"~\"\n");
  EXPECT_EQ(tree.find("a")->kind, Kind::nothing);
  EXPECT_EQ(tree.find("b")->kind, Kind::nothing);
  EXPECT_EQ(tree.find("c")->kind, Kind::nothing);
  EXPECT_EQ(tree.find("d")->kind, Kind::quoted);
  EXPECT_EQ(tree.find("e")->kind, Kind::quoted);
}

TEST(ConfigTree, IsNothingWithoutADocument) {
  for (const std::string_view yaml : {"", "\n", "# a comment\n", "---\n", "\xEF\xBB\xBF"})
    EXPECT_EQ(tree_of(yaml).kind, Kind::nothing) << yaml;
}

// Which of the two would count?
TEST(ConfigTree, RefusesANameThatStandsTwiceInOneMap) {
  EXPECT_EQ(yaml_faults("a: {b: 1, c: 2, b: 3}\nd: [{e: 1, \"e\": 2}]\n"),
            "assay.yaml:1:17: a.b: stands here twice, first at assay.yaml:1:8\n"
            "assay.yaml:2:12: d[0].e: stands here twice, first at assay.yaml:2:9");
}

TEST(ConfigTree, TakesTheFirstOfANameThatStandsTwice) {
  ConfigFaults faults;
  const ConfigNode tree = parse_config_text("a: 1\na: 2\n", "x", Lines::none, faults);
  ASSERT_EQ(tree.members.size(), 1U);
  EXPECT_EQ(tree.members[0].value.text, "1");
}

// A few lines of aliases can stand for gigabytes.
TEST(ConfigTree, RefusesAnchorsAliasesAndTags) {
  EXPECT_EQ(yaml_faults("a: &x [1]\nb: *x\nc: !!str 1\nd: [!local {}]\n"),
            "assay.yaml:1:4: a: an anchor (&name) is not taken here\n"
            "assay.yaml:2:4: b: an alias (*name) is not taken here: write the value out\n"
            "assay.yaml:3:4: c: a tag (!name) is not taken here\n"
            "assay.yaml:4:5: d[0]: a tag (!name) is not taken here");
}

TEST(ConfigTree, RefusesNamesThatAreNoTexts) {
  EXPECT_EQ(yaml_faults("? [a, b]\n: 1\n? {c: d}\n: 2\n~: 3\n"),
            "assay.yaml:1:3: the name of a setting must be a text\n"
            "assay.yaml:3:3: the name of a setting must be a text\n"
            "assay.yaml:5:1: the name of a setting must be a text");
}

TEST(ConfigTree, RefusesASecondDocument) {
  EXPECT_EQ(yaml_faults("a: 1\n---\na: 2\n"),
            "assay.yaml:2:1: a second document begins here; there can be one");
}

TEST(ConfigTree, SaysWhereTheTextIsNoYaml) {
  EXPECT_EQ(yaml_faults("a: 1\nb: [2\n"),
            "assay.yaml:3:1: is not YAML: end of sequence flow not found");
}

TEST(ConfigTree, SaysWhatTextsWithAColonNeed) {
  EXPECT_EQ(yaml_faults("a:\n  b: memory:\n"), "assay.yaml:2:12: is not YAML: illegal map value; a "
                                               "text that ends with a colon needs quotes");
}

TEST(ConfigTree, RefusesBytesThatAreNotUtf8) {
  EXPECT_EQ(yaml_faults("a: \xFF"), "assay.yaml: is not UTF-8");
}

TEST(ConfigTree, RefusesWhatIsNestedWithoutEnd) {
  EXPECT_NE(yaml_faults(std::string(100'000, '[')), "");
}

TEST(ConfigTree, CountsNoLinesInTheValueOfAVariable) {
  EXPECT_EQ(yaml_faults("{a: &x 1}", Lines::none),
            "assay.yaml: a: an anchor (&name) is not taken here");
  EXPECT_EQ(yaml_faults("[", Lines::none),
            "assay.yaml: is not YAML: end of sequence flow not found");
}

} // namespace
} // namespace assay::server
