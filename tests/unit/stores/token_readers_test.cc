#include "stores/sqlite/token_readers.h"

#include <gtest/gtest.h>

#include "support/scratch_folder.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::hour_token;
using testing::kTokenTime;

class TokenReadersTest : public ::testing::Test {
protected:
  void write(const std::string& name) {
    TokenConnection connection(file_, 1000ms, MissingFile::made);
    SqliteTransaction transaction(connection.database);
    connection.tables.look_again();
    connection.tables.issue({hour_token(name), {}, {}}, kTokenTime);
    transaction.commit();
  }

  // None if it could not be read.
  std::optional<bool> has(const std::string& name, std::uint64_t generation = 0) {
    return readers_.try_read(generation, [&](TokenTables& tables) {
      return tables.find(hour_token(name).key, kTokenTime).has_value();
    });
  }

  testing::ScratchFolder folder_;
  std::filesystem::path file_ = folder_ / "tokens.db";
  TokenReaders readers_{file_};
};

TEST_F(TokenReadersTest, SeeWhatWasWrittenBefore) {
  write("one");
  EXPECT_EQ(has("one"), true);
  EXPECT_EQ(has("two"), false);
  write("two");
  EXPECT_EQ(has("two"), true);
}

TEST_F(TokenReadersTest, SeeOneMomentHoweverLongTheyLook) {
  write("one");
  const auto found = readers_.try_read(0, [&](TokenTables& tables) {
    EXPECT_FALSE(tables.find(hour_token("two").key, kTokenTime));
    write("two");
    return tables.find(hour_token("two").key, kTokenTime).has_value();
  });
  EXPECT_EQ(found, false);
}

TEST_F(TokenReadersTest, LookSideBySide) {
  write("one");
  const auto inner = readers_.try_read(0, [&](TokenTables&) { return has("one"); });
  ASSERT_TRUE(inner);
  EXPECT_EQ(*inner, true);
}

TEST_F(TokenReadersTest, SayThatTheyCannotReadWhatIsNotThere) {
  EXPECT_EQ(has("one"), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(TokenReadersTest, WaitForNobodyWhoHasTheFileForHimself) {
  write("one");
  const SqliteDatabase other(file_);
  other.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE");
  EXPECT_EQ(has("one"), std::nullopt);
}

TEST_F(TokenReadersTest, OpenTheFileAnewInEachGeneration) {
  write("one");
  EXPECT_EQ(has("one"), true);
  std::filesystem::rename(folder_.path() / "tokens.db", folder_ / "away");
  EXPECT_EQ(has("one"), true); // through the connection that it has
  EXPECT_EQ(has("one", 1), std::nullopt);
  write("two");
  EXPECT_EQ(has("one", 1), false);
  EXPECT_EQ(has("two", 1), true);
}

TEST_F(TokenReadersTest, KeepNoConnectionOfAnEarlierGeneration) {
  write("one");
  readers_.try_read(0, [&](TokenTables&) {
    std::filesystem::rename(file_, folder_ / "away");
    return has("one", 1);
  });
  EXPECT_EQ(has("one", 1), std::nullopt);
}

} // namespace
} // namespace assay::stores
