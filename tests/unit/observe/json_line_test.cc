#include "observe/json_line.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace assay::observe {
namespace {

using namespace std::chrono_literals;

std::string written(std::string_view value, std::size_t characters_max = 1'000) {
  JsonLine line;
  line.text("m", value, characters_max);
  return std::move(line).finish();
}

std::string written(TimePoint time) {
  JsonLine line;
  line.seconds("m", time);
  return std::move(line).finish();
}

TEST(JsonLine, WritesNestedMembers) {
  JsonLine line;
  line.number("a", -7);
  line.open("b");
  line.open("c");
  line.close();
  line.texts("d", std::vector<std::string>{"x", "y"});
  line.close();
  line.texts("e", {});
  line.number("f", std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(std::move(line).finish(),
            R"({"a":-7,"b":{"c":{},"d":["x","y"]},"e":[],"f":-9223372036854775808})");
}

TEST(JsonLine, LeavesReadableTextAlone) {
  EXPECT_EQ(written("a/b <c> 'd' Ω 漢 😀"), R"({"m":"a/b <c> 'd' Ω 漢 😀"})");
}

TEST(JsonLine, EscapesQuotesAndControlCharacters) {
  EXPECT_EQ(written({"\"\\\n\r\t\0\x1b\x7f", 8}), R"({"m":"\"\\\n\r\t\u0000\u001b\u007f"})");
}

// Python's splitlines() and others end a line there; a terminal obeys U+009B.
TEST(JsonLine, EscapesWhatOtherReadersTakeForTheEndOfALine) {
  EXPECT_EQ(written("\u0085\u009b\u2028\u2029\u00a0\u2027"),
            "{\"m\":\"\\u0085\\u009b\\u2028\\u2029\u00a0\u2027\"}");
}

TEST(JsonLine, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(written("a\xff"), "{\"m\":\"a\uFFFD\"}");
  EXPECT_EQ(written("\xc3(\xe2\x82z"), "{\"m\":\"\uFFFD(\uFFFD\uFFFDz\"}");
  EXPECT_EQ(written("\xed\xa0\x80"), "{\"m\":\"\uFFFD\uFFFD\uFFFD\"}"); // a surrogate
  EXPECT_EQ(written("\xc0\xaf"), "{\"m\":\"\uFFFD\uFFFD\"}");           // overlong
}

TEST(JsonLine, CutsByCharactersAndNotWithinOne) {
  EXPECT_EQ(written("abc", 3), R"({"m":"abc"})");
  EXPECT_EQ(written("abcd", 3), R"({"m":"abc"})");
  EXPECT_EQ(written("aä漢😀z", 4), R"({"m":"aä漢😀"})");
  EXPECT_EQ(written("\n\n\n", 2), R"({"m":"\n\n"})");
  EXPECT_EQ(written("\xff\xff\xff", 2), "{\"m\":\"\uFFFD\uFFFD\"}");
}

TEST(JsonLine, WritesAFractionOfASecondOnlyIfThereIsOne) {
  EXPECT_EQ(written(TimePoint(1'700'000'000s)), R"({"m":1700000000})");
  EXPECT_EQ(written(TimePoint(1'700'000'000'500'000us)), R"({"m":1700000000.5})");
  EXPECT_EQ(written(TimePoint(1us)), R"({"m":0.000001})");
  EXPECT_EQ(written(TimePoint(-1'500'000us)), R"({"m":-1.5})");
  EXPECT_EQ(written(TimePoint::min()), R"({"m":-9223372036854.775808})");
}

} // namespace
} // namespace assay::observe
