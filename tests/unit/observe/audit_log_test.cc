#include "observe/audit_log.h"

#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/strict_json.h"
#include "base/unavailable.h"
#include "support/scratch_folder.h"
#include "support/text_file.h"

namespace assay::observe {
namespace {

using namespace std::chrono_literals;
using testing::lines_of;
using testing::ScratchFolder;

AuditEntry entry(std::string request_id) {
  AuditEntry entry;
  entry.request_id = std::move(request_id);
  entry.event = "token";
  return entry;
}

void record(AuditLog& log, std::string request_id) {
  auto place = log.try_place();
  ASSERT_TRUE(place);
  place->record(entry(std::move(request_id)));
}

std::vector<std::string> request_ids(const std::filesystem::path& file) {
  std::vector<std::string> ids;
  for (const std::string& line : lines_of(file)) {
    const auto value = parse_strict_json(line);
    ids.push_back(value ? std::string(value->at("request_id").as_string()) : "not JSON");
  }
  return ids;
}

std::vector<std::string> numbers_below(int end) {
  std::vector<std::string> numbers;
  for (int number = 0; number < end; ++number)
    numbers.push_back(std::to_string(number));
  return numbers;
}

TEST(AuditLog, WritesInTheOrderOfRecording) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1");
  for (const std::string& number : numbers_below(1'000))
    record(log, number);
  log.flush();
  EXPECT_EQ(request_ids(folder / "audit.jsonl"), numbers_below(1'000));
}

TEST(AuditLog, WritesByItselfBeforeLong) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1");
  record(log, "a");
  for (int wait = 0; wait < 500 && lines_of(folder / "audit.jsonl").empty(); ++wait) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(request_ids(folder / "audit.jsonl"), std::vector<std::string>{"a"});
}

TEST(AuditLog, WritesWhatIsLeftWhenItEnds) {
  const ScratchFolder folder;
  {
    AuditLog log(folder / "audit.jsonl", "node-1");
    for (const std::string& number : numbers_below(100))
      record(log, number);
  }
  EXPECT_EQ(request_ids(folder / "audit.jsonl"), numbers_below(100));
}

TEST(AuditLog, AppendsToAFileThatIsThere) {
  const ScratchFolder folder;
  for (const char* id : {"first run", "second run"}) {
    AuditLog log(folder / "audit.jsonl", "node-1");
    record(log, id);
  }
  EXPECT_EQ(request_ids(folder / "audit.jsonl"),
            (std::vector<std::string>{"first run", "second run"}));
}

TEST(AuditLog, WritesToStandardOutput) {
  ::testing::internal::CaptureStdout();
  {
    AuditLog log("-", "node-1");
    record(log, "a");
  }
  EXPECT_NE(::testing::internal::GetCapturedStdout().find(R"("request_id":"a")"),
            std::string::npos);
}

// The write fails with a signal that would end the process.
TEST(AuditLog, OutlivesTheReaderOfStandardOutput) {
  int pipe[2] = {};
  ASSERT_EQ(::pipe(pipe), 0);
  const int standard_output = ::dup(STDOUT_FILENO);
  ::dup2(pipe[1], STDOUT_FILENO);
  ::close(pipe[0]);
  ::close(pipe[1]);
  {
    AuditLog log("-", "node-1");
    record(log, "a");
    EXPECT_THROW(log.flush(), Unavailable);
    ::dup2(standard_output, STDOUT_FILENO);
  }
  ::close(standard_output);
}

TEST(AuditLog, IsUnavailableWhenTheFileCannotBeOpened) {
  const ScratchFolder folder;
  EXPECT_THROW(AuditLog(folder / "no folder" / "audit.jsonl", "node-1"), Unavailable);
}

TEST(AuditLog, HasNoPlaceBeyondItsNumber) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1", 2);
  auto first = log.try_place();
  {
    auto second = log.try_place();
    EXPECT_TRUE(second);
    EXPECT_FALSE(log.try_place());
  }
  EXPECT_TRUE(log.try_place()); // the second died unused
}

TEST(AuditLog, GivesAPlaceBackWhenItsLineIsWritten) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1", 1);
  for (const std::string& number : numbers_below(10)) {
    record(log, number);
    log.flush();
  }
  EXPECT_EQ(request_ids(folder / "audit.jsonl"), numbers_below(10));
}

TEST(AuditLog, LetsARequestWaitForAPlace) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1", 1);
  auto taken = log.try_place();
  bool placed = false;
  const auto wait_and_record = [&]() -> Task<void> {
    AuditLog::Place place = co_await log.place();
    placed = true;
    place.record(entry("the one that waited"));
  };

  asio::io_context context;
  asio::co_spawn(context, wait_and_record(), asio::detached);
  context.run_for(50ms);
  EXPECT_FALSE(placed);

  taken->record(entry("the first"));
  context.run_for(10s);
  EXPECT_TRUE(placed);
  log.flush();
  EXPECT_EQ(request_ids(folder / "audit.jsonl"),
            (std::vector<std::string>{"the first", "the one that waited"}));
}

TEST(AuditLog, KeepsLinesThatCannotBeWrittenAndTriesAgain) {
  const ScratchFolder folder;
  const auto file = folder / "audit.jsonl";
  std::filesystem::create_symlink("/dev/full", file);
  AuditLog log(file, "node-1");
  record(log, "a");
  EXPECT_THROW(log.flush(), Unavailable);
  EXPECT_FALSE(log.healthy());
  record(log, "b");
  EXPECT_THROW(log.flush(), Unavailable);

  std::filesystem::remove(file);
  log.flush();
  EXPECT_TRUE(log.healthy());
  EXPECT_EQ(request_ids(file), (std::vector<std::string>{"a", "b"}));
}

// Files may not grow beyond `bytes`, as on a disk that is full from there on.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
  rlimit before_{};
};

TEST(AuditLog, GoesOnWithinTheLineThatAFullDiskCut) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1");
  {
    const FileSizeLimit limit(1'000);
    for (const std::string& number : numbers_below(100))
      record(log, number);
    EXPECT_THROW(log.flush(), Unavailable);
    EXPECT_EQ(std::filesystem::file_size(folder / "audit.jsonl"), 1'000U);
  }
  log.flush();
  EXPECT_EQ(request_ids(folder / "audit.jsonl"), numbers_below(100));
}

TEST(AuditLog, WritesALineThatWasCutWholeToTheNextFile) {
  const ScratchFolder folder;
  const auto file = folder / "audit.jsonl";
  const auto rotated = folder / "audit.jsonl.1";
  AuditLog log(file, "node-1");
  {
    const FileSizeLimit limit(1'000);
    for (const std::string& number : numbers_below(100))
      record(log, number);
    EXPECT_THROW(log.flush(), Unavailable);
  }
  std::filesystem::rename(file, rotated);
  log.flush();

  std::vector<std::string> ids = request_ids(rotated);
  EXPECT_EQ(ids.back(), "not JSON");
  ids.pop_back();
  for (const std::string& id : request_ids(file))
    ids.push_back(id);
  EXPECT_EQ(ids, numbers_below(100));
}

TEST(AuditLog, HoldsBackRequestsWhileNothingCanBeWritten) {
  const ScratchFolder folder;
  const auto file = folder / "audit.jsonl";
  std::filesystem::create_symlink("/dev/full", file);
  AuditLog log(file, "node-1", 3);
  for (const std::string& number : numbers_below(3))
    record(log, number);
  EXPECT_THROW(log.flush(), Unavailable);
  EXPECT_FALSE(log.try_place());

  std::filesystem::remove(file);
  log.flush();
  EXPECT_TRUE(log.try_place());
}

TEST(AuditLog, TellsStandardErrorWhatItCannotWriteInTheEnd) {
  ::testing::internal::CaptureStderr();
  {
    AuditLog log("/dev/full", "node-1");
    record(log, "a");
    EXPECT_THROW(log.flush(), Unavailable);
    record(log, "b");
  }
  const std::string printed = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(printed.find(R"("request_id":"a")"), printed.npos);
  EXPECT_NE(printed.find(R"("request_id":"b")"), printed.npos);
}

TEST(ConcurrentAuditLog, LosesNothingWhenRequestsOutrunThePlaces) {
  constexpr int kThreads = 4;
  constexpr int kLines = 500;
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1", 8);
  const auto requests = [&log](int thread) -> Task<void> {
    for (int line = 0; line < kLines; ++line) {
      AuditLog::Place place = co_await log.place();
      place.record(entry(std::to_string(thread) + ":" + std::to_string(line)));
    }
  };

  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&requests, thread] {
      asio::io_context context;
      asio::co_spawn(context, requests(thread), asio::detached);
      context.run();
    });
  }
  threads.clear();
  log.flush();

  std::vector<int> next(kThreads, 0);
  for (const std::string& id : request_ids(folder / "audit.jsonl")) {
    const std::size_t colon = id.find(':');
    ASSERT_NE(colon, id.npos);
    const auto thread = static_cast<std::size_t>(std::stoi(id.substr(0, colon)));
    EXPECT_EQ(std::stoi(id.substr(colon + 1)), next.at(thread)++);
  }
  EXPECT_EQ(next, std::vector<int>(kThreads, kLines));
}

TEST(ConcurrentAuditLog, FlushesFromManyThreads) {
  const ScratchFolder folder;
  AuditLog log(folder / "audit.jsonl", "node-1");
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int line = 0; line < 25; ++line) {
        record(log, "x");
        log.flush();
      }
    });
  }
  threads.clear();
  EXPECT_EQ(lines_of(folder / "audit.jsonl").size(), 100U);
}

} // namespace
} // namespace assay::observe
