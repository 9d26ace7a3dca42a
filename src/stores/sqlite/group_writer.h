// Writes to one SQLite file by a thread of its own, in groups: what waits together is committed
// together, by one sync of the disk. One sync a token would cap a server at some 2,000 tokens a
// second.
#pragma once

#include <condition_variable>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"
#include "stores/sqlite/sqlite_database.h"
#include "stores/sqlite/token_tables.h"

namespace assay::stores {

// Thread-safe. As many writes can wait as there are requests: their number is bounded by that of
// the connections.
class GroupWriter {
public:
  // Runs on the writer's thread, within the group's transaction.
  using Work = std::function<void(TokenTables& tables)>;

  // Makes the file, and the tables in it, if they are not there. Throws Unavailable.
  explicit GroupWriter(const std::filesystem::path& file);
  ~GroupWriter(); // commits what waits
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Returns when the work is committed, and then only: durably. Throws Unavailable if it is not;
  // then nothing of the group has happened. What `work` refers to outlives the task.
  Task<void> commit(Work work);

  // The same for a thread that may block.
  void commit_and_wait(Work work);

private:
  struct Job {
    explicit Job(Work given) : work(std::move(given)) {}
    virtual ~Job() = default;
    virtual void finish(std::exception_ptr fault) = 0;

    Work work;
  };
  using Jobs = std::vector<std::unique_ptr<Job>>;

  // Goes on where its coroutine was.
  template <class Handler> struct AwaitedJob final : Job {
    AwaitedJob(Work given, Handler waiting) : Job(std::move(given)), handler(std::move(waiting)) {}
    void finish(std::exception_ptr fault) override {
      const auto executor = asio::get_associated_executor(handler);
      asio::post(executor,
                 [waiting = std::move(handler), fault]() mutable { std::move(waiting)(fault); });
    }

    Handler handler;
  };

  void enqueue(std::unique_ptr<Job> job);
  void run();
  std::exception_ptr write(const Jobs& group);

  SqliteDatabase database_;
  TokenTables tables_;
  std::mutex mutex_;
  std::condition_variable due_;
  Jobs waiting_;
  bool stopping_ = false;
  std::thread thread_; // last: it uses all of the above
};

} // namespace assay::stores
