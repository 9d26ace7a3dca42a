#include "stores/sqlite/group_writer.h"

#include <algorithm>
#include <functional>
#include <latch>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/resource_limits.h"
#include "support/scratch_folder.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::hour_token;
using testing::kTokenTime;

GroupWriter::Work issue(const std::string& name) {
  return [name](TokenTables& tables) { tables.issue({hour_token(name), {}, {}}, kTokenTime); };
}

class GroupWriterTest : public ::testing::Test {
protected:
  using Outcome = std::optional<std::exception_ptr>; // none: it waits still

  // Has the works wait for each other; the writer may take the first ones apart. `before_commit` is
  // when all wait.
  using Look = std::function<void(const std::vector<Outcome>&)>;
  std::vector<Outcome> write_as_a_group(
      GroupWriter& writer, const std::vector<GroupWriter::Work>& works,
      const Look& before_commit = [](const auto&) {}) {
    std::vector<Outcome> outcomes(works.size());
    {
      const SqliteDatabase other(file_);
      const SqliteTransaction held(other);
      for (std::size_t index = 0; index < works.size(); ++index)
        asio::co_spawn(loop_, writer.commit(works[index]),
                       [&outcomes, index](auto fault) { outcomes[index] = fault; });
      loop_.poll();
      before_commit(outcomes);
    }
    loop_.run();
    loop_.restart();
    return outcomes;
  }

  bool has(const std::string& name) {
    bool found = false;
    writer_.commit_and_wait([&](TokenTables& tables) {
      found = tables.find(hour_token(name).key, kTokenTime).has_value();
    });
    return found;
  }

  testing::ScratchFolder folder_;
  std::filesystem::path file_ = folder_ / "tokens.db";
  asio::io_context loop_{1};
  GroupWriter writer_{file_};
};

TEST_F(GroupWriterTest, CommitsWhatWaitsTogetherByOneCommit) {
  std::vector<GroupWriter::Work> works;
  for (int number = 0; number < 50; ++number)
    works.push_back(issue(std::to_string(number)));
  const auto outcomes = write_as_a_group(writer_, works);
  EXPECT_TRUE(std::ranges::all_of(outcomes, [](const Outcome& each) { return each == nullptr; }));
  EXPECT_LE(writer_.commits(), 2U); // the writer may have taken the first ones alone
  EXPECT_TRUE(has("0"));
  EXPECT_TRUE(has("49"));
}

TEST_F(GroupWriterTest, AnswersNobodyBeforeTheCommit) {
  write_as_a_group(writer_, {issue("one"), issue("two")},
                   [this](const std::vector<Outcome>& outcomes) {
                     EXPECT_EQ(writer_.commits(), 0U);
                     EXPECT_EQ(outcomes, std::vector<Outcome>(2));
                   });
  EXPECT_TRUE(has("two"));
}

TEST_F(GroupWriterTest, UndoesTheWorkThatFailsAndCommitsThatOfTheOthers) {
  const GroupWriter::Work failing = [](TokenTables& tables) {
    tables.issue({hour_token("bad"), {}, {}}, kTokenTime);
    throw std::runtime_error("this one alone");
  };
  const auto outcomes =
      write_as_a_group(writer_, {issue("first"), issue("before"), failing, issue("after")});
  EXPECT_EQ(outcomes[1], nullptr);
  EXPECT_THROW(std::rethrow_exception(*outcomes[2]), std::runtime_error);
  EXPECT_EQ(outcomes[3], nullptr);
  EXPECT_TRUE(has("before"));
  EXPECT_FALSE(has("bad"));
  EXPECT_TRUE(has("after"));
}

TEST_F(GroupWriterTest, ThrowsWhatTheWorkThrowsThatFailsAlone) {
  EXPECT_THROW(writer_.commit_and_wait([](TokenTables& tables) {
    tables.issue({hour_token("bad"), {}, {}}, kTokenTime);
    throw std::runtime_error("this one alone");
  }),
               std::runtime_error);
  EXPECT_FALSE(has("bad"));
}

TEST_F(GroupWriterTest, AnswersNobodyOfAGroupThatCannotBeWrittenAndRecoversByItself) {
  writer_.commit_and_wait(issue("before"));
  {
    const testing::FileSizeLimit full(std::filesystem::file_size(folder_ / "tokens.db-wal"));
    for (const Outcome& outcome :
         write_as_a_group(writer_, {issue("one"), issue("two"), issue("three")})) {
      ASSERT_TRUE(outcome && *outcome);
      EXPECT_THROW(std::rethrow_exception(*outcome), Unavailable);
    }
    EXPECT_THROW(writer_.check(), Unavailable);
    EXPECT_TRUE(has("before"));
  }
  EXPECT_NO_THROW(writer_.check());
  EXPECT_FALSE(has("two"));
  EXPECT_NO_THROW(writer_.commit_and_wait(issue("two")));
  EXPECT_TRUE(has("two"));
}

TEST_F(GroupWriterTest, ChecksByWritingUnlessItWroteJustNow) {
  writer_.check();
  EXPECT_EQ(writer_.commits(), 1U);
  writer_.check();
  EXPECT_EQ(writer_.commits(), 1U);
}

TEST_F(GroupWriterTest, RefusesMoreThanCanWait) {
  GroupWriter writer(file_, 1);
  std::latch running(1);
  std::latch go_on(1);
  Outcome held;
  Outcome waiting;
  Outcome refused;
  asio::co_spawn(loop_, writer.commit([&](TokenTables&) {
    running.count_down();
    go_on.wait();
  }),
                 [&](auto fault) { held = fault; });
  loop_.poll();
  running.wait();
  asio::co_spawn(loop_, writer.commit(issue("one")), [&](auto fault) { waiting = fault; });
  asio::co_spawn(loop_, writer.commit(issue("two")), [&](auto fault) { refused = fault; });
  loop_.poll();
  go_on.count_down();
  loop_.run();
  EXPECT_EQ(held, nullptr);
  EXPECT_EQ(waiting, nullptr);
  ASSERT_TRUE(refused && *refused);
  EXPECT_THROW(std::rethrow_exception(*refused), Overloaded);
}

TEST_F(GroupWriterTest, CommitsWhatWaitsBeforeItEnds) {
  testing::ScratchFolder folder;
  auto writer = std::make_unique<GroupWriter>(folder / "tokens.db");
  Outcome outcome;
  asio::co_spawn(loop_, writer->commit(issue("one")), [&](auto fault) { outcome = fault; });
  loop_.poll();
  writer = nullptr;
  loop_.restart();
  loop_.run();
  EXPECT_EQ(outcome, nullptr);
}

TEST_F(GroupWriterTest, CopiesItsLogIntoTheFileAfterTheAnswer) {
  constexpr std::size_t kManyBytes = 60'000'000;
  auto record = hour_token("big");
  record.parameters = {{"big", std::string(kManyBytes, 'x')}};
  writer_.commit_and_wait([&](TokenTables& tables) { tables.issue({record, {}, {}}, kTokenTime); });
  EXPECT_TRUE(has("big"));
  EXPECT_GT(std::filesystem::file_size(file_), kManyBytes);
}

// What is written to a file that was moved away would be lost to everybody.
TEST_F(GroupWriterTest, WritesToNoFileThatIsNotTheOneOfItsName) {
  writer_.commit_and_wait(issue("one"));
  const auto generation = writer_.generation();
  std::filesystem::rename(file_, folder_ / "away");
  EXPECT_THROW(writer_.commit_and_wait(issue("two")), Unavailable);
  EXPECT_GT(writer_.generation(), generation);
  EXPECT_FALSE(std::filesystem::exists(file_)); // to make it would forget all used assertions

  std::filesystem::rename(folder_ / "away", file_);
  EXPECT_NO_THROW(writer_.commit_and_wait(issue("two")));
  EXPECT_TRUE(has("one"));
}

TEST_F(GroupWriterTest, TakesAFileThatWasReplacedForWhatItIs) {
  writer_.commit_and_wait(issue("one"));
  for (const char* name : {"tokens.db", "tokens.db-wal", "tokens.db-shm"})
    std::filesystem::remove(folder_ / name);
  const SqliteDatabase another(file_);
  EXPECT_NO_THROW(writer_.commit_and_wait(issue("two")));
  EXPECT_FALSE(has("one"));
  EXPECT_TRUE(has("two"));
}

// The race that the thread sanitizer looks at: tasks of two loops and a thread that blocks.
TEST(ConcurrentGroupWriter, AnswersEachOnItsOwnLoop) {
  constexpr int kLoops = 2;
  constexpr int kTasks = 100;
  const testing::ScratchFolder folder;
  GroupWriter writer(folder / "tokens.db");
  std::vector<int> answered(kLoops);
  std::vector<std::thread> threads;
  for (int loop = 0; loop < kLoops; ++loop)
    threads.emplace_back([&, loop] {
      asio::io_context context(1);
      for (int task = 0; task < kTasks; ++task)
        asio::co_spawn(context,
                       writer.commit(issue(std::to_string(loop) + "-" + std::to_string(task))),
                       [&, loop, id = std::this_thread::get_id()](std::exception_ptr fault) {
                         EXPECT_EQ(fault, nullptr);
                         EXPECT_EQ(std::this_thread::get_id(), id);
                         ++answered[static_cast<std::size_t>(loop)];
                       });
      context.run();
    });
  for (int task = 0; task < kTasks; ++task)
    writer.commit_and_wait(issue("blocking-" + std::to_string(task)));
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(answered, std::vector<int>(kLoops, kTasks));
}

} // namespace
} // namespace assay::stores
