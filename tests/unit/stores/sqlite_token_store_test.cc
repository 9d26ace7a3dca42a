#include "stores/sqlite/sqlite_token_store.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/resource_limits.h"
#include "support/scratch_folder.h"
#include "support/tasks.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::result_of;

class SqliteTokenStoreTest : public ::testing::Test {
protected:
  IssueOutcome issue(oauth::TokenRecord record, const std::string& jti) {
    return result_of(store_.issue({std::move(record), {}, claim_of(jti)}, kTokenTime));
  }

  std::vector<std::string> tables() {
    const SqliteDatabase database(file_);
    auto rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'");
    std::vector<std::string> names;
    while (rows.step())
      names.push_back(rows.text(0));
    std::ranges::sort(names);
    return names;
  }

  testing::ScratchFolder folder_;
  std::filesystem::path file_ = folder_ / "tokens.db";
  SqliteTokenStore store_{file_};
};

TEST_F(SqliteTokenStoreTest, DropsTheTablesOfWhatExpired) {
  const auto empty = tables();
  issue(hour_token("one"), "jti");
  EXPECT_EQ(tables().size(), empty.size() + 2); // the token's, and the claim's
  store_.purge(kTokenTime + 2h);
  EXPECT_EQ(tables(), empty);
}

TEST_F(SqliteTokenStoreTest, DropsSealedAnswersSoonAfterTheyCannotBeRepeated) {
  const auto empty = tables();
  auto refresh = hour_token("refresh");
  refresh.kind = oauth::TokenKind::refresh;
  issue(refresh, "jti");
  auto successor = hour_token("successor");
  successor.kind = oauth::TokenKind::refresh;
  result_of(store_.redeem({.refresh = refresh.key,
                           .access = hour_token("access"),
                           .change = oauth::Rotation{successor, "sealed", kTokenTime + 10s},
                           .claim = {}},
                          kTokenTime));
  const auto answers = [this] {
    return std::ranges::count_if(
        tables(), [](const std::string& name) { return name.starts_with("answers"); });
  };
  EXPECT_EQ(answers(), 1);
  store_.purge(kTokenTime + 70s);
  EXPECT_EQ(answers(), 0);
  store_.purge(kTokenTime + 2h);
  EXPECT_EQ(tables(), empty);
}

// What is written for each use is what each use costs.
TEST_F(SqliteTokenStoreTest, PutsOffTheEndOfATableSeldom) {
  const auto over_at = [this] {
    const SqliteDatabase database(file_);
    auto row = database.prepare("SELECT max(over_at) FROM buckets");
    row.step();
    return row.integer(0);
  };
  auto refresh = hour_token("refresh");
  refresh.kind = oauth::TokenKind::refresh;
  refresh.family = "red";
  issue(refresh, "jti");
  std::set<std::int64_t> ends;
  for (auto later = 1s; later <= 60s; later += 1s) {
    const TimePoint now = kTokenTime + later;
    const auto access = hour_token(std::to_string(later.count()));
    result_of(store_.redeem({refresh.key, access, oauth::Extension{now + 1h}, {}}, now));
    ends.insert(over_at());
  }
  EXPECT_LE(ends.size(), 2U);
}

TEST_F(SqliteTokenStoreTest, PurgesABigBucketToItsLastRow) {
  constexpr int kTokens = 500; // more than the first slices take
  std::vector<Task<IssueOutcome>> tasks;
  for (int number = 0; number < kTokens; ++number)
    tasks.push_back(store_.issue({hour_token(std::to_string(number)), {}, {}}, kTokenTime));
  testing::results_of(std::move(tasks));
  EXPECT_EQ(store_.purge(kTokenTime + 2h).tokens, static_cast<std::uint64_t>(kTokens));
  EXPECT_EQ(store_.count({}, kTokenTime, {}).access, 0U);
}

// An answer before the commit would be a token that a crash takes back.
TEST_F(SqliteTokenStoreTest, AnswersNobodyWhileTheFileIsSomebodyElsesAndRecoversByItself) {
  {
    const SqliteDatabase other(file_);
    const SqliteTransaction held(other);
    EXPECT_THROW(issue(hour_token("one"), "jti"), Unavailable);
    EXPECT_THROW(store_.check(), Unavailable);
  }
  EXPECT_NO_THROW(store_.check());
  // Nothing of the failed group has happened: neither its token nor its claim.
  EXPECT_FALSE(result_of(store_.find(hour_token("one").key, kTokenTime)));
  EXPECT_EQ(issue(hour_token("two"), "jti"), IssueOutcome::stored);
}

TEST_F(SqliteTokenStoreTest, ReadsWhileTheFileIsSomebodyElsesToWrite) {
  issue(hour_token("one"), "jti");
  const SqliteDatabase other(file_);
  const SqliteTransaction held(other);
  EXPECT_TRUE(result_of(store_.find(hour_token("one").key, kTokenTime)));
  EXPECT_TRUE(result_of(store_.seen(claim_of("jti"), kTokenTime)));
}

TEST_F(SqliteTokenStoreTest, HoldsNothingOfATokensText) {
  const std::string text = testing::token_text("very-secret", kTokenTime + 1h);
  issue(testing::record_of(text, kTokenTime + 1h), "jti");
  for (const char* name : {"tokens.db", "tokens.db-wal"}) {
    std::ifstream stream(folder_ / name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator(stream), {}};
    EXPECT_FALSE(bytes.contains("very-secret")) << name;
  }
}

// Few families are revoked, and many tokens issued: those that are not pay nothing.
TEST_F(SqliteTokenStoreTest, WritesDownAFamilyOnlyWhenItIsRevoked) {
  const auto has_marks = [](const std::string& name) { return name.starts_with("revoked"); };
  auto refresh = hour_token("two");
  refresh.kind = oauth::TokenKind::refresh;
  refresh.family = "red";
  issue(refresh, "another");
  EXPECT_TRUE(std::ranges::none_of(tables(), has_marks));
  testing::result_of(store_.revoke(refresh.key, testing::kTokenTime));
  EXPECT_EQ(std::ranges::count_if(tables(), has_marks), 1);

  // The mark stays as long as a token of the family could live, and no longer.
  store_.purge(refresh.expires_at - std::chrono::hours(1));
  EXPECT_EQ(std::ranges::count_if(tables(), has_marks), 1);
  store_.purge(refresh.expires_at + std::chrono::days(3));
  EXPECT_TRUE(std::ranges::none_of(tables(), has_marks));
}

TEST_F(SqliteTokenStoreTest, AsksTheWriterWhatNoReaderCanLookUp) {
  // The sanitizer wants a file descriptor the first time that it meets a type: not below.
  store_.check();
  issue(hour_token("one"), "jti");
  asio::io_context loop(1);
  std::optional<bool> found;
  std::optional<bool> seen;
  asio::co_spawn(
      loop, store_.find(hour_token("one").key, kTokenTime),
      [&](const std::exception_ptr&, const auto& record) { found = record.has_value(); });
  asio::co_spawn(loop, store_.seen(claim_of("jti"), kTokenTime),
                 [&](const std::exception_ptr&, bool taken) { seen = taken; });
  {
    const testing::OpenFileLimit none(0);
    loop.run();
    EXPECT_EQ(store_.count({}, kTokenTime, {}).access, 1U);
  }
  EXPECT_EQ(found, true);
  EXPECT_EQ(seen, true);
}

TEST_F(SqliteTokenStoreTest, ReadsAFileThatWasReplacedOnceItWasNoticed) {
  issue(hour_token("one"), "jti");
  EXPECT_TRUE(result_of(store_.find(hour_token("one").key, kTokenTime)));
  for (const char* name : {"tokens.db", "tokens.db-wal", "tokens.db-shm"})
    std::filesystem::remove(folder_ / name);
  EXPECT_THROW(store_.check(), Unavailable);
  EXPECT_THROW(result_of(store_.find(hour_token("one").key, kTokenTime)), Unavailable);

  {
    SqliteTokenStore another(file_);
  }
  EXPECT_NO_THROW(store_.check());
  EXPECT_FALSE(result_of(store_.find(hour_token("one").key, kTokenTime)));
}

} // namespace
} // namespace assay::stores
