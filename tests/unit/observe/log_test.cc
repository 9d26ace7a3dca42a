#include "observe/log.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/strict_json.h"

namespace assay::observe {
namespace {

constexpr std::size_t kTimeCharacters = 24; // 2026-01-31T09:30:00.250Z

template <class Body> std::string printed_by(Body body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesTimeLevelAndMessage) {
  const std::string printed =
      printed_by([] { Log(LogLevel::info, LogFormat::text).warning("the disk is slow"); });
  ASSERT_GT(printed.size(), kTimeCharacters);
  EXPECT_EQ(printed[10], 'T');
  EXPECT_EQ(printed[kTimeCharacters - 1], 'Z');
  EXPECT_EQ(printed.substr(kTimeCharacters), " warning the disk is slow\n");
}

TEST(Log, WritesJsonIfAskedTo) {
  const std::string printed =
      printed_by([] { Log(LogLevel::info, LogFormat::json).error("no \"table\"\nhere"); });
  ASSERT_EQ(std::ranges::count(printed, '\n'), 1);
  const auto line = parse_strict_json(std::string_view(printed).substr(0, printed.size() - 1));
  ASSERT_TRUE(line);
  EXPECT_EQ(line->at("time").as_string().size(), kTimeCharacters);
  EXPECT_EQ(line->at("level"), "error");
  EXPECT_EQ(line->at("message"), "no \"table\"\nhere");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const std::string printed = printed_by([] {
    Log log(LogLevel::warning, LogFormat::text);
    log.debug("one");
    log.info("two");
    log.warning("three");
    log.set_level(LogLevel::debug);
    log.debug("four");
  });
  EXPECT_EQ(printed.find("one"), printed.npos);
  EXPECT_EQ(printed.find("two"), printed.npos);
  EXPECT_NE(printed.find(" warning three\n"), printed.npos);
  EXPECT_NE(printed.find(" debug four\n"), printed.npos);
}

// A message may quote what a client sent: it must not look like a line of ours.
TEST(Log, WritesOneLineAMessage) {
  const std::string printed = printed_by(
      [] { Log(LogLevel::info, LogFormat::text).info("a\r\n2026 error forged\x1b[31m {} %v"); });
  EXPECT_EQ(printed.substr(kTimeCharacters), " info a  2026 error forged [31m {} %v\n");
}

TEST(ConcurrentLog, KeepsLinesWhole) {
  const std::string printed = printed_by([] {
    Log log(LogLevel::info, LogFormat::text);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&log] {
        for (int line = 0; line < 100; ++line)
          log.info("the same line from each");
      });
    }
  });
  std::string_view rest = printed;
  std::size_t lines = 0;
  for (; !rest.empty(); ++lines) {
    const std::size_t end = rest.find('\n');
    ASSERT_EQ(rest.substr(kTimeCharacters, end - kTimeCharacters), " info the same line from each");
    rest.remove_prefix(end + 1);
  }
  EXPECT_EQ(lines, 400U);
}

} // namespace
} // namespace assay::observe
