#include "server/port_file.h"

#include <fstream>

#include <gtest/gtest.h>

#include "support/scratch_folder.h"

namespace assay::server {
namespace {

TEST(PortFile, TellsThePortWhileItLives) {
  const testing::ScratchFolder folder;
  EXPECT_EQ(port_taken(folder.path()), std::nullopt);
  {
    const PortFile file(folder.path(), 43'211);
    EXPECT_EQ(port_taken(folder.path()), 43'211);
  }
  EXPECT_EQ(port_taken(folder.path()), std::nullopt);
}

TEST(PortFile, IsNotBelievedWhenItHoldsNoPort) {
  const testing::ScratchFolder folder;
  for (const char* text : {"", "no port", "0", "70000"}) {
    std::ofstream(folder / "port") << text;
    EXPECT_EQ(port_taken(folder.path()), std::nullopt) << text;
  }
}

TEST(PortFile, IsNoFaultWhereItCannotBeWritten) {
  const PortFile file("/nowhere/at/all", 1);
  EXPECT_EQ(port_taken("/nowhere/at/all"), std::nullopt);
}

} // namespace
} // namespace assay::server
