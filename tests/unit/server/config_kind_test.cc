#include "server/config_kind.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

std::string noted(std::string_view yaml) {
  ConfigFaults faults;
  FaultNotes("a.b", faults).note_found(tree_of(yaml), "a good one");
  return to_text(faults);
}

TEST(ConfigKind, SaysWhatWasFound) {
  EXPECT_EQ(noted("some"), "assay.yaml:1:1: a.b: \"some\" is not a good one");
  EXPECT_EQ(noted("\"a\\\"\\n\""), "assay.yaml:1:1: a.b: \"a\\\"\\n\" is not a good one");
  EXPECT_EQ(noted("[x]"), "assay.yaml:1:1: a.b: a list is not a good one");
  EXPECT_EQ(noted("{x: y}"), "assay.yaml:1:1: a.b: a map is not a good one");
  EXPECT_EQ(noted("~"), "assay.yaml:1:1: a.b: nothing is not a good one");
}

TEST(ConfigKind, CutsWhatIsLong) {
  EXPECT_EQ(noted(std::string(200, 'x')),
            "assay.yaml:1:1: a.b: \"" + std::string(80, 'x') + "\"... is not a good one");
}

TEST(ConfigKind, SaysNothingOfWhatWasRefusedAlready) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::refused;
  ConfigFaults faults;
  FaultNotes("a", faults).note_found(node, "a good one");
  EXPECT_TRUE(faults.empty());
}

TEST(ConfigKind, NamesTheParts) {
  ConfigFaults faults;
  FaultNotes("a", faults).of_item(2).of_member("b").note({"f", 1, 2}, "is bad");
  EXPECT_EQ(to_text(faults), "f:1:2: a[2].b: is bad");
}

} // namespace
} // namespace assay::server
