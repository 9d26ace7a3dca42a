#include "fetch/fetch_threads.h"

#include <atomic>
#include <future>
#include <latch>
#include <memory>

#include <gtest/gtest.h>

namespace assay::fetch {
namespace {

TEST(ConcurrentFetchThreads, RunWhatIsPosted) {
  std::atomic<int> ran = 0;
  std::latch done(100);
  FetchThreads threads;
  for (int number = 0; number < 100; ++number)
    threads.post(number % 2 ? Urgency::awaited : Urgency::routine, [&] {
      ++ran;
      done.count_down();
    });
  done.wait();
  EXPECT_EQ(ran, 100);
}

// However many servers do not answer: a request does not wait behind them.
TEST(ConcurrentFetchThreads, KeepAThreadForWhatIsAwaited) {
  std::promise<void> go_on;
  const auto held = go_on.get_future().share();
  FetchThreads threads(2);
  for (int number = 0; number < 10; ++number)
    threads.post(Urgency::routine, [held] { held.wait(); });
  std::promise<void> ran;
  threads.post(Urgency::awaited, [&] { ran.set_value(); });
  ran.get_future().wait();
  go_on.set_value();
}

TEST(ConcurrentFetchThreads, DestroyWhatWaitsWhenTheyAreClosed) {
  const auto token = std::make_shared<int>();
  std::latch running(1);
  std::promise<void> go_on;
  std::atomic<bool> ran = false;
  FetchThreads threads(2);
  threads.post(Urgency::routine, [&, held = go_on.get_future().share()] {
    running.count_down();
    held.wait();
  });
  running.wait();
  threads.post(Urgency::routine, [&ran, token] { ran = true; });
  EXPECT_EQ(token.use_count(), 2);
  std::jthread closing([&] { threads.close(); });
  while (token.use_count() > 1)
    std::this_thread::yield();
  go_on.set_value();
  closing.join();
  threads.post(Urgency::awaited, [&ran] { ran = true; });
  EXPECT_FALSE(ran);
}

} // namespace
} // namespace assay::fetch
