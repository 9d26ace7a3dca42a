#include "server/config_file.h"

#include <fstream>

#include <gtest/gtest.h>

#include "support/scratch_folder.h"

namespace assay::server {
namespace {

class ConfigFile : public ::testing::Test {
protected:
  std::filesystem::path file_of(const std::string& text) {
    std::ofstream(folder_ / "assay.yaml", std::ios::binary) << text;
    return folder_ / "assay.yaml";
  }

  testing::ScratchFolder folder_;
};

TEST_F(ConfigFile, IsReadWhole) {
  const std::string text = "listen:\n  port: 0\r\n# \0"
                           "end";
  EXPECT_EQ(read_config_file(file_of(text)), text);
  EXPECT_EQ(read_config_file(file_of("")), "");
}

TEST_F(ConfigFile, SaysWhyItCannotBeRead) {
  const auto missing = read_config_file(folder_ / "missing.yaml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(), "cannot be read: No such file or directory");

  const auto directory = read_config_file(folder_.path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error(), "cannot be read: Is a directory");
}

TEST_F(ConfigFile, HasALimit) {
  EXPECT_TRUE(read_config_file(file_of(std::string(kConfigBytesMax, '#'))));
  const auto longer = read_config_file(file_of(std::string(kConfigBytesMax + 1, '#')));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error(), "has more than 1048576 bytes");
}

} // namespace
} // namespace assay::server
