#include "server/config_names.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace assay::server {
namespace {

const std::array<std::string, 4> kKnown = {"address", "port", "threads", "longest_assertion_life"};

TEST(ConfigNames, FindTheOneThatWasMeant) {
  EXPECT_EQ(nearest_name("adress", kKnown), "address");
  EXPECT_EQ(nearest_name("prot", kKnown), "port");
  EXPECT_EQ(nearest_name("ports", kKnown), "port");
  EXPECT_EQ(nearest_name("max_assertion_life", kKnown), "longest_assertion_life");
}

TEST(ConfigNames, FindNoneForANameThatIsLikeNoOther) {
  EXPECT_FALSE(nearest_name("colour", kKnown));
  EXPECT_FALSE(nearest_name("", kKnown));
  EXPECT_FALSE(nearest_name(std::string(100'000, 'p'), kKnown));
}

} // namespace
} // namespace assay::server
