// Writes to a token file by a thread of its own, in groups: what waits together is committed
// together, by one sync of the disk. One sync a token would cap a server at some 2,000 tokens a
// second.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"
#include "stores/sqlite/token_connection.h"

namespace assay::stores {

// Thread-safe.
class GroupWriter {
public:
  // Runs on the writer's thread, within the group's transaction; a second time if another of the
  // group failed in it. What it refers to lives until the call that was given it is over.
  using Work = std::function<void(TokenTables& tables)>;

  // How many may wait: more than are committed in the time that a client waits for.
  static constexpr std::size_t kWaitingMax = 16'384;

  // Makes the file, and the tables in it, if they are not there. Throws Unavailable.
  explicit GroupWriter(std::filesystem::path file, std::size_t waiting_max = kWaitingMax);
  ~GroupWriter(); // commits what waits
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Returns when the work is committed, and then only: durably. Throws Unavailable if it is not,
  // and what the work throws; then nothing of it has happened.
  Task<void> commit(Work work);

  // The same for a thread that may block.
  void commit_and_wait(Work work);

  // Returns if something could be written now, and leaves no trace.
  void check();

  // How often the file was opened: a connection of an earlier generation may have another one.
  std::uint64_t generation() const { return generation_; }

  // How many groups had something to write, and were committed.
  std::uint64_t commits() const { return commits_; }

private:
  struct Job {
    explicit Job(Work given) : work(std::move(given)) {}
    virtual ~Job() = default;
    virtual asio::any_io_executor executor() const = 0; // none: the writer's thread
    virtual void finish() = 0;

    Work work;
    std::exception_ptr fault;
  };
  using Jobs = std::vector<std::unique_ptr<Job>>;

  // Goes on where its coroutine was.
  template <class Handler> struct AwaitedJob final : Job {
    AwaitedJob(Work given, Handler waiting) : Job(std::move(given)), handler(std::move(waiting)) {}
    asio::any_io_executor executor() const override {
      return asio::get_associated_executor(handler);
    }
    void finish() override { std::move(handler)(fault); }

    Handler handler;
  };

  void enqueue(std::unique_ptr<Job> job);
  void refuse(std::unique_ptr<Job> job) const;
  static void answer(Jobs group);
  void run();
  Jobs next_group();
  void write(const Jobs& group);
  static bool commit_together(TokenConnection& connection, const Jobs& group);
  static void commit_apart(TokenConnection& connection, const Jobs& group);
  TokenConnection& connected();
  void connect(MissingFile missing);
  void disconnect();
  void checkpoint_if_due();

  std::filesystem::path file_;
  std::size_t waiting_max_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::mutex mutex_;
  std::condition_variable due_;
  Jobs waiting_;
  bool stopping_ = false;

  // The writer's thread's own.
  std::optional<TokenConnection> connection_;
  std::chrono::steady_clock::time_point proven_until_; // that the file can be written
  int log_pages_ = 0;
  int checkpoint_at_pages_ = 0;

  std::thread thread_; // last: it uses all of the above
};

} // namespace assay::stores
