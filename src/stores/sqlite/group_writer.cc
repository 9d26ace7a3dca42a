#include "stores/sqlite/group_writer.h"

#include <chrono>
#include <csignal>
#include <future>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

// For another process that writes to the file: requests wait meanwhile.
constexpr std::chrono::milliseconds kWaitMax{2000};

// What is written between two checkpoints; a page that changes several times until then is written
// back once.
constexpr int kCheckpointPages = 4000;

} // namespace

GroupWriter::GroupWriter(const std::filesystem::path& file)
    : database_(file, kWaitMax), tables_(database_) {
  TokenTables::migrate(database_);
  database_.execute("PRAGMA wal_autocheckpoint=" + std::to_string(kCheckpointPages));
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
    void finish(std::exception_ptr fault) override {
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

void GroupWriter::enqueue(std::unique_ptr<Job> job) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = waiting_.empty();
    waiting_.push_back(std::move(job));
  }
  // Who finds others waiting need not wake the thread: it will come for all of them.
  if (first) due_.notify_one();
}

void GroupWriter::run() {
  // Signals are for the threads that wait for them.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);

  for (;;) {
    Jobs group;
    {
      std::unique_lock lock(mutex_);
      due_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      group.swap(waiting_);
    }
    const std::exception_ptr fault = write(group);
    for (const auto& job : group)
      job->finish(fault);
  }
}

// All of the group or nothing: what fails here is the disk, not one token.
std::exception_ptr GroupWriter::write(const Jobs& group) {
  try {
    SqliteTransaction transaction(database_);
    tables_.look_again();
    for (const auto& job : group)
      job->work(tables_);
    transaction.commit();
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

} // namespace assay::stores
