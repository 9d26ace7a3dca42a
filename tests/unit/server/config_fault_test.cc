#include "server/config_fault.h"

#include <gtest/gtest.h>

namespace assay::server {
namespace {

TEST(ConfigFault, NamesFileLineColumnAndSetting) {
  EXPECT_EQ(to_text(ConfigFault{"assay.yaml", 7, 15, "token_services[0].scope_match",
                                "\"some\" is not one of any, all"}),
            "assay.yaml:7:15: token_services[0].scope_match: \"some\" is not one of any, all");
}

TEST(ConfigFault, LeavesOutWhatThereIsNot) {
  EXPECT_EQ(to_text(ConfigFault{"environment ASSAY_X", 0, 0, "", "is the name of no setting"}),
            "environment ASSAY_X: is the name of no setting");
}

// A name from the file could otherwise draw a line of its own in the log.
TEST(ConfigFault, IsOneLineWhateverTheNamesHold) {
  EXPECT_EQ(to_text(ConfigFault{"a.yaml", 1, 1, "new\nline\x1b", "is unknown"}),
            "a.yaml:1:1: new?line?: is unknown");
}

TEST(ConfigFault, HasALineForEachOfSeveral) {
  EXPECT_EQ(to_text(ConfigFaults{{"a", 1, 2, "b", "c"}, {"d", 0, 0, "", "e"}}),
            "a:1:2: b: c\nd: e");
  EXPECT_EQ(to_text(ConfigFaults{}), "");
}

} // namespace
} // namespace assay::server
