#include "server/periodic.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace assay::server {
namespace {

using namespace std::chrono_literals;

void ignore(const std::string&) {}

// Waits for what will be so unless the code under test is wrong; then the test's own limit ends it.
void await(const auto& condition) {
  while (!condition())
    std::this_thread::sleep_for(1ms);
}

TEST(ConcurrentPeriodic, RunsTheJobAgainAndAgain) {
  std::atomic<int> runs = 0;
  const Periodic periodic(1ms, [&] { ++runs; }, ignore);
  await([&] { return runs >= 3; });
  EXPECT_GE(runs, 3);
}

TEST(ConcurrentPeriodic, ReportsAJobThatThrowsAndRunsItAgain) {
  std::atomic<int> reports = 0;
  std::atomic<bool> said_why = false;
  const Periodic periodic(
      1ms, [] { throw std::runtime_error("no disk"); },
      [&](const std::string& what) {
        said_why = what == "no disk";
        ++reports;
      });
  await([&] { return reports >= 2; });
  EXPECT_TRUE(said_why);
}

TEST(ConcurrentPeriodic, EndsBeforeItsNextRunIsDue) {
  std::atomic<int> runs = 0;
  {
    const Periodic periodic(1h, [&] { ++runs; }, ignore);
  }
  EXPECT_EQ(runs, 0);
}

} // namespace
} // namespace assay::server
