#include "stores/sqlite/group_writer.h"

#include <algorithm>
#include <future>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

// For another process that writes to the file: requests wait meanwhile.
constexpr std::chrono::milliseconds kWaitMax{2000};

// 48 MiB. A page that many groups write to is copied into the file once; and the copying, which
// holds up the requests for some 10 ms, comes so seldom that fewer than one in a hundred meets it.
// A log of that size is read again in a few dozen milliseconds after a crash.
constexpr int kCheckpointPages = 12'000;

// What a slow reader lets the log grow by is given back afterwards.
constexpr int kLogBytesMax = 64 * 1024 * 1024;

// The pages that a group is likely to touch: the end of a table of tokens and the live claims of
// some minutes. What is not in it is in the system's page cache, a copy away. It grows as it is
// used, and so costs an idle server nothing.
constexpr int kCacheKibibytes = 8 * 1024;

// For how long a commit proves that the next one would succeed.
constexpr std::chrono::seconds kProofLife{10};

} // namespace

GroupWriter::GroupWriter(std::filesystem::path file, std::size_t waiting_max)
    : file_(std::move(file)), waiting_max_(waiting_max) {
  connect(MissingFile::made);
  thread_ = std::thread([this] { run(); });
}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  due_.notify_one();
  thread_.join();
}

Task<void> GroupWriter::commit(Work work) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      [this](auto handler, Work given) {
        enqueue(
            std::make_unique<AwaitedJob<decltype(handler)>>(std::move(given), std::move(handler)));
      },
      asio::use_awaitable, std::move(work));
}

void GroupWriter::commit_and_wait(Work work) {
  struct BlockingJob final : Job {
    using Job::Job;
    asio::any_io_executor executor() const override { return {}; }
    void finish() override {
      if (fault)
        done.set_exception(fault);
      else
        done.set_value();
    }

    std::promise<void> done;
  };
  auto job = std::make_unique<BlockingJob>(std::move(work));
  std::future<void> done = job->done.get_future();
  enqueue(std::move(job));
  done.get();
}

void GroupWriter::check() {
  commit_and_wait([this](TokenTables& tables) {
    if (std::chrono::steady_clock::now() > proven_until_) tables.rewrite();
  });
}

void GroupWriter::enqueue(std::unique_ptr<Job> job) {
  std::unique_lock lock(mutex_);
  if (waiting_.size() >= waiting_max_) {
    lock.unlock();
    refuse(std::move(job));
    return;
  }
  const bool first = waiting_.empty();
  waiting_.push_back(std::move(job));
  lock.unlock();
  // Who finds others waiting need not wake the thread: it will come for all of them.
  if (first) due_.notify_one();
}

void GroupWriter::refuse(std::unique_ptr<Job> job) const {
  job->fault = std::make_exception_ptr(
      Overloaded(fmt::format("{}: {} writes wait already", file_.native(), waiting_max_)));
  Jobs alone;
  alone.push_back(std::move(job));
  answer(std::move(alone));
}

void GroupWriter::run() {
  for (Jobs group = next_group(); !group.empty(); group = next_group()) {
    write(group);
    answer(std::move(group));
    checkpoint_if_due();
  }
}

// Empty once nothing will come any more.
GroupWriter::Jobs GroupWriter::next_group() {
  std::unique_lock lock(mutex_);
  due_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  return std::exchange(waiting_, {});
}

void GroupWriter::write(const Jobs& group) {
  try {
    TokenConnection& connection = connected();
    const std::uint64_t logged = connection.database.log().commits;
    if (!commit_together(connection, group)) commit_apart(connection, group);
    if (connection.database.log().commits == logged) return;
    ++commits_;
    proven_until_ = std::chrono::steady_clock::now() + kProofLife;
  } catch (...) {
    // Nothing of the group is committed.
    for (const auto& job : group)
      job->fault = std::current_exception();
    proven_until_ = {};
    if (connection_) connection_->tables.forget();
  }
}

// False, and nothing has happened, if the work of one among many failed: it may be at fault alone.
bool GroupWriter::commit_together(TokenConnection& connection, const Jobs& group) {
  SqliteTransaction transaction(connection.database);
  connection.tables.look_again();
  try {
    for (const auto& job : group)
      job->work(connection.tables);
  } catch (...) {
    if (group.size() == 1) throw;
    connection.tables.forget();
    return false;
  }
  transaction.commit();
  return true;
}

// Each on a savepoint of its own, so that what fails is undone by itself. It costs a tenth more.
void GroupWriter::commit_apart(TokenConnection& connection, const Jobs& group) {
  SqliteTransaction transaction(connection.database);
  for (const auto& job : group) {
    connection.tables.look_again();
    connection.database.execute("SAVEPOINT job");
    try {
      job->work(connection.tables);
    } catch (...) {
      job->fault = std::current_exception();
      connection.database.execute("ROLLBACK TO job");
      connection.tables.forget();
    }
    connection.database.execute("RELEASE job");
  }
  transaction.commit();
}

// Those of one executor go on together: its thread is woken once a group, not once a request.
void GroupWriter::answer(Jobs group) {
  std::vector<std::pair<asio::any_io_executor, Jobs>> parts;
  for (auto& job : group) {
    const asio::any_io_executor executor = job->executor();
    auto part = std::ranges::find(parts, executor, [](const auto& known) { return known.first; });
    if (part == parts.end()) part = parts.emplace(part, executor, Jobs());
    part->second.push_back(std::move(job));
  }
  for (auto& [executor, jobs] : parts) {
    auto finish = [done = std::move(jobs)] {
      for (const auto& job : done)
        job->finish();
    };
    if (executor) {
      // Its loop could otherwise end, and be destroyed, between the last task's end and that of
      // this call.
      const auto loop_goes_on = asio::prefer(executor, asio::execution::outstanding_work.tracked);
      asio::post(executor, std::move(finish));
    } else {
      finish();
    }
  }
}

// A file that was moved away, deleted or replaced would still take what is written to it, for
// nobody to find.
TokenConnection& GroupWriter::connected() {
  if (connection_ && connection_->files != SqliteFiles(file_)) disconnect();
  if (!connection_) connect(MissingFile::refused);
  return *connection_;
}

void GroupWriter::connect(MissingFile missing) {
  connection_.emplace(file_, kWaitMax, missing);
  connection_->database.execute(fmt::format("PRAGMA cache_size=-{}; PRAGMA journal_size_limit={}",
                                            kCacheKibibytes, kLogBytesMax));
  connection_->database.take_over_checkpoints();
  log_pages_ = 0;
  checkpoint_at_pages_ = kCheckpointPages;
}

void GroupWriter::disconnect() {
  connection_.reset();
  ++generation_;
}

// When the answers are on their way: the next group waits for it, this one need not. A snapshot
// that is still read can keep the log from beginning anew: then the next try is as many pages away.
void GroupWriter::checkpoint_if_due() {
  if (!connection_) return;
  const int pages = connection_->database.log().pages;
  if (pages < log_pages_) checkpoint_at_pages_ = kCheckpointPages;
  log_pages_ = pages;
  if (pages < checkpoint_at_pages_) return;
  checkpoint_at_pages_ = pages + kCheckpointPages;
  try {
    connection_->database.checkpoint();
  } catch (const Unavailable&) { // NOLINT(bugprone-empty-catch)
    // What is in the log is safe there, and the next group says what is wrong.
  }
}

} // namespace assay::stores
