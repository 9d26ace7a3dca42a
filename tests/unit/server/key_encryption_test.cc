#include "server/key_encryption.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"

namespace assay::server {
namespace {

class KeyEncryption : public ::testing::Test {
protected:
  std::string secret(const std::string& place) {
    return std::string(key_encryption_secret(place, folder_ / ".").reveal());
  }
  void write(const std::string& text) { std::ofstream(folder_ / "secret") << text; }

  testing::ScratchFolder folder_;
};

TEST_F(KeyEncryption, MakesAFileForItsOwnerAlone) {
  const std::string made = secret("file:secret");
  EXPECT_GE(made.size(), kKeyEncryptionBytesMin);
  EXPECT_EQ(secret("file:secret"), made);
  EXPECT_EQ(std::filesystem::status(folder_ / "secret").permissions(),
            std::filesystem::perms(0600));
}

TEST_F(KeyEncryption, TakesAFileAsItIsButForSpaceAroundIt) {
  const std::string text(kKeyEncryptionBytesMin, 's');
  write("\n " + text + " \n");
  EXPECT_EQ(secret("file:secret"), text);
}

TEST_F(KeyEncryption, RefusesWhatCouldBeGuessed) {
  write(std::string(kKeyEncryptionBytesMin - 1, 's') + "\n");
  EXPECT_THROW(secret("file:secret"), Unavailable);
  write("");
  EXPECT_THROW(secret("file:secret"), Unavailable);
}

TEST_F(KeyEncryption, ComesFromTheEnvironment) {
  const std::string text(kKeyEncryptionBytesMin, 'e');
  ::setenv("KEY_ENCRYPTION_TEST", text.c_str(), 1);
  EXPECT_EQ(secret("env:KEY_ENCRYPTION_TEST"), text);
  ::unsetenv("KEY_ENCRYPTION_TEST");
  EXPECT_THROW(secret("env:KEY_ENCRYPTION_TEST"), Unavailable);
}

} // namespace
} // namespace assay::server
