#include "stores/sqlite/bucket_tables.h"

#include <gtest/gtest.h>

#include "support/scratch_folder.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::kTokenTime;

constexpr BucketId kClaims{BucketKind::claims, 9, 7};
constexpr TimePoint kEnd = kTokenTime + 1h;
constexpr BucketQuery kInsert{0, "INSERT INTO $ (digest, until) VALUES (?, 0)"};
constexpr BucketQuery kCount{1, "SELECT count(*) FROM $"};

// One connection and what it knows.
struct Connection {
  explicit Connection(const std::filesystem::path& file) : database(file), tables(migrated()) {
    tables.look_again();
  }

  const SqliteDatabase& migrated() const {
    database.migrate(BucketTables::schema());
    return database;
  }
  void insert(std::int64_t rows) {
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::string digest = std::to_string(row);
      tables.find(kClaims)
          ->statement(kInsert)
          .bind_bytes({reinterpret_cast<const unsigned char*>(digest.data()), digest.size()})
          .run();
    }
  }
  std::int64_t rows() {
    SqliteStatement& count = tables.find(kClaims)->statement(kCount);
    const SqliteRows rows(count);
    count.step();
    return count.integer(0);
  }

  SqliteDatabase database;
  BucketTables tables;
};

class BucketTablesTest : public ::testing::Test {
protected:
  testing::ScratchFolder folder_;
  std::filesystem::path file_ = folder_ / "tokens.db";
  Connection ours_{file_};
  Connection others_{file_};
};

TEST_F(BucketTablesTest, NameTheirTablesAfterWhatIsInThem) {
  EXPECT_EQ(kClaims.table(), "claims_9_7");
  EXPECT_EQ((BucketId{BucketKind::tokens, 12, 262143}).table(), "tokens_12_262143");
}

TEST_F(BucketTablesTest, KnowATableOnceItIsMade) {
  EXPECT_EQ(ours_.tables.find(kClaims), nullptr);
  Bucket& made = ours_.tables.made(kClaims, kEnd);
  EXPECT_EQ(made.id(), kClaims);
  EXPECT_EQ(made.over_at(), kEnd);
  EXPECT_EQ(ours_.tables.find(kClaims), &made);
  EXPECT_EQ(&ours_.tables.made(kClaims, kEnd), &made);
}

TEST_F(BucketTablesTest, GiveThoseOfOneKindAlone) {
  ours_.tables.made(kClaims, kEnd);
  ours_.tables.made({BucketKind::tokens, 12, 1}, kEnd);
  ours_.tables.made({BucketKind::tokens, 5, 9}, kEnd);
  ours_.tables.made({BucketKind::families, 12, 1}, kEnd);
  std::vector<std::string> names;
  for (const Bucket& bucket : ours_.tables.of(BucketKind::tokens))
    names.push_back(bucket.id().table());
  EXPECT_EQ(names, (std::vector<std::string>{"tokens_5_9", "tokens_12_1"}));
}

TEST_F(BucketTablesTest, NoticeWhatAnotherProcessMadeAndDropped) {
  others_.tables.made(kClaims, kEnd);
  others_.insert(3);
  ours_.tables.look_again();
  ASSERT_TRUE(ours_.tables.find(kClaims));
  EXPECT_EQ(ours_.rows(), 3);

  others_.tables.shrink(kClaims, kEnd, 100);
  ours_.tables.look_again();
  EXPECT_EQ(ours_.tables.find(kClaims), nullptr);
}

TEST_F(BucketTablesTest, ForgetWhatWasMadeInATransactionThatWasUndone) {
  {
    const SqliteTransaction transaction(ours_.database);
    ours_.tables.look_again();
    ours_.tables.made(kClaims, kEnd);
  }
  ours_.tables.forget();
  // Another process makes the schema's version what it was in that transaction.
  others_.database.execute("CREATE TABLE another (x TEXT)");
  ours_.tables.look_again();
  EXPECT_EQ(ours_.tables.find(kClaims), nullptr);
  EXPECT_NO_THROW(ours_.tables.made(kClaims, kEnd));
}

TEST_F(BucketTablesTest, AreOverWhenTheirTimeHasCome) {
  ours_.tables.made(kClaims, kEnd);
  ours_.tables.made({BucketKind::tokens, 12, 1}, kEnd + 1us);
  EXPECT_TRUE(ours_.tables.over(kEnd - 1us).empty());
  EXPECT_EQ(ours_.tables.over(kEnd), std::vector{kClaims});
}

// The number of a bucket comes round again; what is left in it from the last time must not take
// along what is put in it now.
TEST_F(BucketTablesTest, LastAsLongAsTheLastThatIsPutIntoThem) {
  ours_.tables.made(kClaims, kEnd);
  others_.tables.look_again();
  EXPECT_EQ(others_.tables.made(kClaims, kEnd + 72h).over_at(), kEnd + 72h);
  EXPECT_TRUE(others_.tables.over(kEnd).empty());
  // Ours has not heard of it: nothing of the schema has changed.
  EXPECT_TRUE(ours_.tables.over(kEnd).empty());
  EXPECT_EQ(ours_.tables.shrink(kClaims, kEnd, 100).rows, 0U);
  EXPECT_EQ(ours_.tables.made(kClaims, kEnd).over_at(), kEnd);
  others_.tables.look_again();
  EXPECT_TRUE(others_.tables.over(kEnd).empty());
}

TEST_F(BucketTablesTest, ShrinkByASliceAtATimeAndGoWhenTheyAreEmpty) {
  ours_.tables.made(kClaims, kEnd);
  ours_.insert(25);
  auto slice = ours_.tables.shrink(kClaims, kEnd, 10);
  EXPECT_EQ(slice.rows, 10U);
  EXPECT_FALSE(slice.dropped);
  EXPECT_EQ(ours_.rows(), 15);
  EXPECT_EQ(ours_.tables.shrink(kClaims, kEnd, 10).rows, 10U);

  slice = ours_.tables.shrink(kClaims, kEnd, 10);
  EXPECT_EQ(slice.rows, 5U);
  EXPECT_TRUE(slice.dropped);
  EXPECT_EQ(ours_.tables.find(kClaims), nullptr);
  EXPECT_TRUE(ours_.tables.over(kEnd).empty());
}

TEST_F(BucketTablesTest, ShrinkNotBeforeTheyAreOver) {
  ours_.tables.made(kClaims, kEnd);
  ours_.insert(5);
  EXPECT_EQ(ours_.tables.shrink(kClaims, kEnd - 1us, 10).rows, 0U);
  EXPECT_EQ(ours_.rows(), 5);
}

TEST_F(BucketTablesTest, CanBeShrunkByTwoProcessesAtATime) {
  ours_.tables.made(kClaims, kEnd);
  others_.tables.look_again();
  EXPECT_TRUE(ours_.tables.shrink(kClaims, kEnd, 10).dropped);
  others_.tables.look_again();
  EXPECT_TRUE(others_.tables.shrink(kClaims, kEnd, 10).dropped);
}

} // namespace
} // namespace assay::stores
