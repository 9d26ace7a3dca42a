#include "registry/shared_wait.h"

#include <atomic>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

class ConcurrentSharedWait : public ::testing::Test {
protected:
  void begin(std::shared_ptr<SharedWait> wait, std::chrono::milliseconds most = 1h) {
    asio::co_spawn(loop_, SharedWait::wait(std::move(wait), most), [this](auto) { ++ended_; });
    loop_.poll();
  }

  asio::io_context loop_{1};
  int ended_ = 0;
};

TEST_F(ConcurrentSharedWait, LetsAllGoOnWhenItIsReleasedOnAnotherThread) {
  const auto wait = std::make_shared<SharedWait>();
  for (int number = 0; number < 10; ++number)
    begin(wait);
  EXPECT_EQ(ended_, 0);
  const std::jthread releasing([&] { wait->release(); });
  loop_.run();
  EXPECT_EQ(ended_, 10);
}

TEST_F(ConcurrentSharedWait, KeepsNobodyWhoComesLater) {
  const auto wait = std::make_shared<SharedWait>();
  wait->release();
  begin(wait);
  loop_.run();
  EXPECT_EQ(ended_, 1);
}

// So that nobody waits for work that was dropped.
TEST_F(ConcurrentSharedWait, LetsAllGoOnAtItsEndAndIsNotKeptByThem) {
  auto wait = std::make_shared<SharedWait>();
  begin(wait);
  EXPECT_EQ(wait.use_count(), 1);
  const std::jthread ending([gone = std::move(wait)]() mutable { gone.reset(); });
  loop_.run();
  EXPECT_EQ(ended_, 1);
}

TEST_F(ConcurrentSharedWait, EndsForOneWhoWaitedLongEnough) {
  const auto wait = std::make_shared<SharedWait>();
  begin(wait, 1ms);
  while (ended_ == 0)
    loop_.run_one();
  EXPECT_EQ(ended_, 1);
  wait->release();
}

TEST(ConcurrentSharedWaits, EndOnTheThreadsWhereTheyBegan) {
  for (int round = 0; round < 200; ++round) {
    auto wait = std::make_shared<SharedWait>();
    std::atomic<int> ended = 0;
    {
      std::vector<std::jthread> threads;
      for (int number = 0; number < 3; ++number)
        threads.emplace_back([&ended, wait] {
          asio::io_context loop(1);
          asio::co_spawn(loop, SharedWait::wait(wait, 1h), [&](auto) { ++ended; });
          loop.run();
        });
      wait->release();
      wait.reset();
    }
    EXPECT_EQ(ended, 3);
  }
}

} // namespace
} // namespace assay::registry
