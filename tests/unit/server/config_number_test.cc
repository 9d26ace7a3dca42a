#include "server/config_number.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

// What the kind makes of a scalar; none if it refuses it.
template <class T> std::optional<T> read(const Kind<T>& kind, std::string_view yaml) {
  ConfigFaults faults;
  const auto value = kind.read(tree_of(yaml), FaultNotes("a", faults));
  EXPECT_EQ(value.has_value(), faults.empty()) << yaml;
  return value;
}

const auto kAnyDuration = duration(0ms, std::chrono::days(1000));
const auto kAnySize = size(0, std::size_t{1} << 40U);

TEST(ConfigNumber, ReadsFlags) {
  EXPECT_EQ(read(flag(), "true"), true);
  EXPECT_EQ(read(flag(), "false"), false);
  for (const auto* yaml : {"yes", "True", "1", "\"true\"", "~", "[true]"})
    EXPECT_FALSE(read(flag(), yaml)) << yaml;
}

TEST(ConfigNumber, ReadsWholeNumbersWithinTheirRange) {
  const auto kind = number<std::uint16_t>(22, 512);
  EXPECT_EQ(read(kind, "22"), 22);
  EXPECT_EQ(read(kind, "512"), 512);
  for (const auto* yaml : {"21", "513", "-22", "+22", "022", "22.0", "2e2", "0x1F", "\"22\"",
                           "99999999999999999999", "22 23", "~"})
    EXPECT_FALSE(read(kind, yaml)) << yaml;
}

TEST(ConfigNumber, ReadsDurationsInEveryUnit) {
  EXPECT_EQ(read(kAnyDuration, "500ms"), 500ms);
  EXPECT_EQ(read(kAnyDuration, "30s"), 30s);
  EXPECT_EQ(read(kAnyDuration, "5m"), 5min);
  EXPECT_EQ(read(kAnyDuration, "2h"), 2h);
  EXPECT_EQ(read(kAnyDuration, "1d"), 24h);
  EXPECT_EQ(read(kAnyDuration, "\"1d\""), 24h);
}

TEST(ConfigNumber, TakesAPlainNumberForSeconds) {
  EXPECT_EQ(read(kAnyDuration, "90"), 90s);
  EXPECT_EQ(read(kAnyDuration, "0"), 0s);
  EXPECT_FALSE(read(kAnyDuration, "\"90\""));
}

TEST(ConfigNumber, RefusesWhatIsNoDuration) {
  for (const auto* yaml : {"5w", "s", "1.5s", "-1s", "1 s", "1S", "1m30s", "99999999999d",
                           "100000000000d", "01s", "\"\"", "[]"})
    EXPECT_FALSE(read(kAnyDuration, yaml)) << yaml;
}

TEST(ConfigNumber, KeepsDurationsOfWholeSecondsWhole) {
  const auto kind = whole_seconds(1s, 600s);
  EXPECT_EQ(read(kind, "10m"), 600s);
  EXPECT_EQ(read(kind, "2000ms"), 2s);
  for (const auto* yaml : {"1500ms", "0", "601s"})
    EXPECT_FALSE(read(kind, yaml)) << yaml;
}

TEST(ConfigNumber, ReadsSizesInEveryUnit) {
  EXPECT_EQ(read(kAnySize, "100"), 100U);
  EXPECT_EQ(read(kAnySize, "64KiB"), 65'536U);
  EXPECT_EQ(read(kAnySize, "2MiB"), 2'097'152U);
  for (const auto* yaml : {"64KB", "64kib", "1GiB", "1.5MiB", "KiB", "\"100\""})
    EXPECT_FALSE(read(kAnySize, yaml)) << yaml;
}

TEST(ConfigNumber, NamesItsRange) {
  EXPECT_EQ(number<std::uint16_t>(0, 65535).allowed, "a whole number from 0 to 65535");
  EXPECT_EQ(duration(100ms, 1h).allowed, "a duration from 100ms to 1h");
  EXPECT_EQ(whole_seconds(1s, 90s).allowed, "a duration in whole seconds from 1s to 90s");
  EXPECT_EQ(size(1024, 1025).allowed, "a size from 1KiB to 1025");
}

TEST(ConfigNumber, WritesWhatItReads) {
  EXPECT_EQ(flag().write(true), json::value(true));
  EXPECT_EQ(kAnyDuration.write(3600s), json::value("3600s"));
  EXPECT_EQ(kAnyDuration.write(1500ms), json::value("1500ms"));
  EXPECT_EQ(kAnySize.write(65'536), json::value("64KiB"));
  EXPECT_EQ(kAnySize.write(1'048'576), json::value("1MiB"));
  EXPECT_EQ(kAnySize.write(100), json::value(100));
  EXPECT_EQ(kAnySize.write(0), json::value(0));
}

TEST(ConfigNumber, DescribesItselfToEditors) {
  EXPECT_EQ(json::serialize(number<int>(1, 9).schema),
            R"({"type":"integer","minimum":1,"maximum":9})");
  EXPECT_EQ(json::serialize(duration(100ms, 2s).schema),
            R"({"type":["integer","string"],"minimum":1,"maximum":2,)"
            R"("pattern":"^(0|[1-9][0-9]{0,10})(ms|s|m|h|d)$"})");
}

} // namespace
} // namespace assay::server
