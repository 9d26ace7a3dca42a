#include "stores/sqlite/sqlite_database.h"

#include <array>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kMigrations{"CREATE TABLE a (x TEXT)",
                                                      "ALTER TABLE a ADD COLUMN y INTEGER"};
constexpr SqliteSchema kSchema{1, kMigrations};
constexpr SqliteSchema kOlderSchema{1, std::span(kMigrations).first(1)};

class SqliteDatabaseTest : public ::testing::Test {
protected:
  std::int64_t number(std::string_view sql) {
    auto statement = database_.prepare(sql);
    statement.step();
    return statement.integer(0);
  }

  testing::ScratchFolder folder_;
  fs::path file_ = folder_ / "a.db";
  SqliteDatabase database_{file_};
};

TEST_F(SqliteDatabaseTest, IsReadableByItsOwnerAlone) {
  database_.execute("CREATE TABLE a (x TEXT)");
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"})
    EXPECT_EQ(fs::status(folder_ / name).permissions(), fs::perms{0600}) << name;
}

TEST_F(SqliteDatabaseTest, SyncsEveryCommit) {
  constexpr std::int64_t kFull = 2;
  EXPECT_EQ(number("PRAGMA synchronous"), kFull);
  auto mode = database_.prepare("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

TEST_F(SqliteDatabaseTest, BindsAndReadsValues) {
  auto row = database_.prepare("SELECT ?, ?, ?, NULL");
  row.bind("caf\xC3\xA9").bind(std::string_view()).bind(std::int64_t{-5});
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.text(0), "caf\xC3\xA9");
  EXPECT_EQ(row.text(1), "");
  EXPECT_FALSE(row.is_null(1));
  EXPECT_EQ(row.integer(2), -5);
  EXPECT_TRUE(row.is_null(3));
  EXPECT_FALSE(row.step());
}

TEST_F(SqliteDatabaseTest, RunsEachMigrationOnce) {
  database_.migrate(kOlderSchema);
  database_.migrate(kSchema);
  database_.migrate(kSchema);
  EXPECT_EQ(number("PRAGMA user_version"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('a')"), 2);
}

TEST_F(SqliteDatabaseTest, LeavesNothingOfAMigrationThatFails) {
  constexpr std::array<std::string_view, 2> kBad{"CREATE TABLE a (x TEXT)", "no SQL at all"};
  EXPECT_THROW(database_.migrate({1, kBad}), Unavailable);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema"), 0);
  EXPECT_EQ(number("PRAGMA user_version"), 0);
}

TEST_F(SqliteDatabaseTest, RefusesAFileOfANewerProgram) {
  database_.migrate(kSchema);
  EXPECT_THROW(database_.migrate(kOlderSchema), Unavailable);
}

TEST_F(SqliteDatabaseTest, RefusesTheFileOfAnotherStore) {
  database_.migrate(kSchema);
  EXPECT_THROW(database_.migrate({2, kMigrations}), Unavailable);
  EXPECT_NO_THROW(database_.migrate(kSchema));
}

TEST_F(SqliteDatabaseTest, MakesNoFileThatIsToBeThereAlready) {
  const fs::path missing = folder_ / "missing.db";
  EXPECT_THROW(SqliteDatabase(missing, {}, MissingFile::refused), Unavailable);
  EXPECT_FALSE(fs::exists(missing));
}

TEST_F(SqliteDatabaseTest, UndoesATransactionThatIsNotCommitted) {
  database_.migrate(kSchema);
  {
    const SqliteTransaction transaction(database_);
    database_.execute("INSERT INTO a VALUES ('x', 1)");
  }
  EXPECT_EQ(number("SELECT count(*) FROM a"), 0);
  SqliteTransaction transaction(database_);
  database_.execute("INSERT INTO a VALUES ('x', 1)");
  transaction.commit();
  EXPECT_EQ(number("SELECT count(*) FROM a"), 1);
}

TEST_F(SqliteDatabaseTest, WaitsForAnotherWriter) {
  database_.migrate(kSchema);
  auto transaction = std::make_unique<SqliteTransaction>(database_);
  std::jthread writer([this] {
    const SqliteDatabase other(file_);
    EXPECT_NO_THROW(SqliteTransaction(other).commit());
  });
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  transaction.reset();
}

TEST_F(SqliteDatabaseTest, WaitsForNobodyIfItIsNotToWait) {
  database_.migrate(kSchema);
  const SqliteTransaction held(database_);
  const SqliteDatabase other(file_, std::chrono::milliseconds(0));
  EXPECT_THROW(SqliteTransaction{other}, Unavailable);
}

TEST_F(SqliteDatabaseTest, SeesOneMomentThroughASnapshot) {
  database_.migrate(kSchema);
  const SqliteDatabase other(file_);
  const SqliteSnapshot snapshot(database_);
  EXPECT_EQ(number("SELECT count(*) FROM a"), 0);
  other.execute("INSERT INTO a VALUES ('x', 1)");
  EXPECT_EQ(number("SELECT count(*) FROM a"), 0);
}

TEST_F(SqliteDatabaseTest, TellsHowManyRowsAStatementConcerned) {
  database_.migrate(kSchema);
  EXPECT_EQ(database_.prepare("INSERT INTO a VALUES ('x', 1), ('y', 2)").run(), 2);
  EXPECT_EQ(database_.prepare("DELETE FROM a WHERE y = 2").run(), 1);
  EXPECT_EQ(database_.prepare("DELETE FROM a WHERE y = 2").run(), 0);
}

// Left to itself, SQLite begins its log anew once 1,000 pages are in it.
TEST_F(SqliteDatabaseTest, LeavesTheLogToWhoTookOverItsCheckpoints) {
  constexpr int kManyPages = 1500;
  database_.migrate(kSchema);
  database_.take_over_checkpoints();
  database_.execute("INSERT INTO a VALUES (zeroblob(1600 * 4096), 1)");
  EXPECT_GT(database_.log().pages, kManyPages);
  database_.execute("INSERT INTO a VALUES ('x', 1)");
  EXPECT_GT(database_.log().pages, kManyPages);
  EXPECT_EQ(database_.log().commits, 2U);

  database_.checkpoint();
  database_.execute("INSERT INTO a VALUES ('x', 1)");
  EXPECT_LT(database_.log().pages, kManyPages);
}

TEST_F(SqliteDatabaseTest, SaysWhichFileFailsAndWhy) {
  try {
    database_.execute("SELECT * FROM missing");
    FAIL() << "read a table that is not there";
  } catch (const Unavailable& fault) {
    const std::string what = fault.what();
    EXPECT_TRUE(what.contains("a.db")) << what;
    EXPECT_TRUE(what.contains("no such table")) << what;
  }
}

TEST_F(SqliteDatabaseTest, RefusesWhatIsNoDatabase) {
  std::ofstream(folder_ / "text") << std::string(4096, 'x');
  EXPECT_THROW(SqliteDatabase(folder_ / "text"), Unavailable);
  EXPECT_THROW(SqliteDatabase(folder_.path()), Unavailable);
  EXPECT_THROW(SqliteDatabase(folder_ / "missing" / "a.db"), Unavailable);
}

} // namespace
} // namespace assay::stores
