// Many coroutines that wait for one thing, which happens on another thread.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.h"

namespace assay::registry {

// Thread-safe. The executors of those who wait run one thread each, as those of the workers do.
class SharedWait {
public:
  SharedWait() = default;
  // To post throws for want of memory alone.
  ~SharedWait() { release(); } // NOLINT(bugprone-exception-escape)
  SharedWait(const SharedWait&) = delete;
  SharedWait& operator=(const SharedWait&) = delete;

  // Returns when `shared` is released, be it before or by its end, or after `most`. Lets go of it
  // before it waits.
  static Task<void> wait(std::shared_ptr<SharedWait> shared, std::chrono::milliseconds most);

  void release();

private:
  struct Waiter {
    // The timer's loop could otherwise end, and be destroyed, before release() posts to it.
    asio::any_io_executor loop_goes_on;
    std::shared_ptr<asio::steady_timer> timer;
  };

  void add(std::shared_ptr<asio::steady_timer> timer);

  std::mutex mutex_;
  bool released_ = false;
  std::vector<Waiter> waiters_;
};

} // namespace assay::registry
