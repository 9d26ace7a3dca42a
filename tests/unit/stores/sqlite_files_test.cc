#include "stores/sqlite/sqlite_files.h"

#include <gtest/gtest.h>

#include "stores/sqlite/sqlite_database.h"
#include "support/scratch_folder.h"
#include "support/text_file.h"

namespace assay::stores {
namespace {

namespace fs = std::filesystem;

class SqliteFilesTest : public ::testing::Test {
protected:
  SqliteFilesTest() { database_.execute("CREATE TABLE a (x TEXT)"); }

  testing::ScratchFolder folder_;
  fs::path file_ = folder_ / "a.db";
  SqliteDatabase database_{file_};
};

TEST_F(SqliteFilesTest, AreTheSameHoweverMuchIsWrittenToThem) {
  const SqliteFiles opened(file_);
  database_.execute("INSERT INTO a VALUES ('x')");
  database_.checkpoint();
  EXPECT_EQ(SqliteFiles(file_), opened);
}

TEST_F(SqliteFilesTest, AreNotTheSameWhenOneIsGone) {
  const SqliteFiles opened(file_);
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    fs::rename(folder_ / name, folder_ / "away");
    EXPECT_NE(SqliteFiles(file_), opened) << name;
    fs::rename(folder_ / "away", folder_ / name);
    EXPECT_EQ(SqliteFiles(file_), opened) << name;
  }
}

TEST_F(SqliteFilesTest, AreNotTheSameWhenOneIsReplaced) {
  const SqliteFiles opened(file_);
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    testing::write_file(folder_ / "another", "");
    fs::rename(folder_ / name, folder_ / "away");
    fs::rename(folder_ / "another", folder_ / name);
    EXPECT_NE(SqliteFiles(file_), opened) << name;
    fs::rename(folder_ / "away", folder_ / name);
  }
}

} // namespace
} // namespace assay::stores
