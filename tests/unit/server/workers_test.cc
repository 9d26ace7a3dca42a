#include "server/workers.h"

#include <atomic>
#include <latch>
#include <thread>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace assay::server {
namespace {

TEST(ConcurrentWorkers, RunEachContextByAThreadOfItsOwn) {
  Workers workers(3);
  const auto contexts = workers.contexts();
  ASSERT_EQ(contexts.size(), 3U);
  // Were two of them run by one thread, this would wait for ever.
  std::latch all_here(3);
  std::latch done(3);
  for (boost::asio::io_context* context : contexts)
    boost::asio::post(*context, [&] {
      all_here.arrive_and_wait();
      done.count_down();
    });
  workers.start();
  done.wait();
  workers.stop();
  EXPECT_TRUE(all_here.try_wait());
}

TEST(ConcurrentWorkers, AreOneACoreUnlessTheirNumberIsGiven) {
  EXPECT_EQ(Workers(0).contexts().size(), std::max(1U, std::thread::hardware_concurrency()));
  EXPECT_EQ(Workers(2).contexts().size(), 2U);
}

TEST(ConcurrentWorkers, RunNothingAnyMoreOnceTheyAreStopped) {
  std::atomic<int> runs = 0;
  Workers workers(1);
  workers.start();
  workers.stop();
  boost::asio::post(*workers.contexts().front(), [&] { ++runs; });
  workers.stop();
  EXPECT_EQ(runs, 0);
}

} // namespace
} // namespace assay::server
