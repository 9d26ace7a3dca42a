#include "base/blocking_workers.h"

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/tasks.h"

namespace assay {
namespace {

TEST(ConcurrentBlockingWorkers, WorkElsewhereAndGoOnWhereTheyWereAwaited) {
  BlockingWorkers workers(1, 1);
  std::thread::id worked;
  const auto awaiting = [&]() -> Task<std::thread::id> {
    co_await workers.run([&] { worked = std::this_thread::get_id(); });
    co_return std::this_thread::get_id();
  };
  EXPECT_EQ(testing::result_of(awaiting()), std::this_thread::get_id());
  EXPECT_NE(worked, std::thread::id());
  EXPECT_NE(worked, std::this_thread::get_id());
}

TEST(ConcurrentBlockingWorkers, ThrowWhatTheWorkThrows) {
  BlockingWorkers workers(1, 1);
  const auto failing = [&]() -> Task<bool> {
    co_await workers.run([] { throw std::runtime_error("broken"); });
    co_return true;
  };
  EXPECT_THROW(testing::result_of(failing()), std::runtime_error);
}

// A flood of slow work must end in refusals, not in an ever longer queue.
TEST(ConcurrentBlockingWorkers, RefuseMoreThanMayWait) {
  BlockingWorkers workers(1, 1);
  std::promise<void> gate;
  const auto open = gate.get_future().share();
  asio::io_context loop;
  std::atomic<int> done{0};
  std::atomic<int> refused{0};
  const auto one = [&]() -> Task<void> {
    try {
      co_await workers.run([open] { open.wait(); });
      ++done;
    } catch (const Unavailable&) {
      if (++refused == 3) gate.set_value();
    }
  };
  for (int each = 0; each < 5; ++each)
    asio::co_spawn(loop, one(), [](const std::exception_ptr& fault) { ASSERT_FALSE(fault); });
  loop.run();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(refused, 3);
}

} // namespace
} // namespace assay
