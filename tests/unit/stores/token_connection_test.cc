#include "stores/sqlite/token_connection.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/sqlite/sqlite_property_store.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;

class TokenConnectionTest : public ::testing::Test {
protected:
  testing::ScratchFolder folder_;
  std::filesystem::path file_ = folder_ / "tokens.db";
};

TEST_F(TokenConnectionTest, MakesTheFileOrNot) {
  EXPECT_THROW(TokenConnection(file_, 0ms, MissingFile::refused), Unavailable);
  EXPECT_NO_THROW(TokenConnection(file_, 0ms, MissingFile::made));
  EXPECT_NO_THROW(TokenConnection(file_, 0ms, MissingFile::refused));
}

// Two stores in one file would take each other's tables for their own.
TEST_F(TokenConnectionTest, RefusesTheFileOfARegistry) {
  const SqlitePropertyStore registry(file_);
  EXPECT_THROW(TokenConnection(file_, 0ms, MissingFile::made), Unavailable);
}

TEST_F(TokenConnectionTest, LeavesWhatItDeletesInTheFile) {
  const TokenConnection connection(file_, 0ms, MissingFile::made);
  auto setting = connection.database.prepare("PRAGMA secure_delete");
  ASSERT_TRUE(setting.step());
  EXPECT_EQ(setting.integer(0), 0);
}

TEST_F(TokenConnectionTest, KnowsWhichFileItHasOpen) {
  const TokenConnection connection(file_, 0ms, MissingFile::made);
  EXPECT_EQ(connection.files, SqliteFiles(file_));
  std::filesystem::rename(file_, folder_ / "away");
  EXPECT_NE(connection.files, SqliteFiles(file_));
}

} // namespace
} // namespace assay::stores
