#include "base/strict_json.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace assay {
namespace {

std::string fault_of(std::string_view text, JsonLimits limits = {}) {
  const auto parsed = parse_strict_json(text, limits);
  return parsed ? "none" : parsed.error().what;
}

json::value parsed(std::string_view text) {
  auto value = parse_strict_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *std::move(value) : json::value();
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(StrictJson, ReadsEveryKindOfValue) {
  const json::value value =
      parsed(R"({"text":"a","whole":-1,"real":1.5,"yes":true,"none":null,"list":[1,[2]],"o":{}})");
  EXPECT_EQ(json::serialize(value),
            R"({"text":"a","whole":-1,"real":1.5E0,"yes":true,"none":null,"list":[1,[2]],"o":{}})");
}

TEST(StrictJson, ReadsAValueThatIsNoObject) {
  EXPECT_EQ(parsed(" \"a\" "), json::value("a"));
  EXPECT_EQ(parsed("[]"), json::value(json::array()));
}

TEST(StrictJson, RefusesAMemberThatOccursTwice) {
  EXPECT_EQ(fault_of(R"({"a":1,"b":2,"a":1})"), "a member name occurs twice");
}

TEST(StrictJson, RefusesAMemberThatOccursTwiceBelow) {
  EXPECT_EQ(fault_of(R"({"x":[{"a":1,"a":1}]})"), "a member name occurs twice");
  EXPECT_EQ(fault_of(R"({"a":{"a":1}})"), "none");
}

// A reader that compares names before it decodes them would see two members.
TEST(StrictJson, RefusesAMemberThatOccursTwiceInAnotherSpelling) {
  EXPECT_EQ(fault_of(R"({"iss":1,"\u0069ss":2})"), "a member name occurs twice");
  EXPECT_EQ(fault_of(R"({"\u0069ss":1,"i\u0073s":2})"), "a member name occurs twice");
  EXPECT_EQ(fault_of(R"({"":1,"":2})"), "a member name occurs twice");
}

TEST(StrictJson, RefusesAContainerUnderANameThatIsTaken) {
  EXPECT_EQ(fault_of(R"({"a":1,"a":{}})"), "a member name occurs twice");
  EXPECT_EQ(fault_of(R"({"a":1,"a":[]})"), "a member name occurs twice");
}

TEST(StrictJson, DecodesEscapesInNamesAndTexts) {
  EXPECT_EQ(parsed(R"({"\u0061\n":"\u00e9\ud83d\ude00"})").at("a\n"), "\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(StrictJson, RefusesTextAfterTheValue) {
  EXPECT_EQ(fault_of(R"({"a":1} x)"), "there is text after the value");
  EXPECT_EQ(fault_of("{}{}"), "there is text after the value");
  EXPECT_EQ(fault_of(std::string_view("{}\0", 3)), "there is text after the value");
}

TEST(StrictJson, RefusesBytesThatAreNotUtf8) {
  EXPECT_NE(fault_of("\"\xFF\""), "none");
  EXPECT_NE(fault_of("\"\xC0\xAF\""), "none");
  EXPECT_NE(fault_of("\"\xED\xA0\x80\""), "none"); // a surrogate
  EXPECT_NE(fault_of(R"("\ud800")"), "none");      // half a pair
}

TEST(StrictJson, RefusesAByteOrderMark) { EXPECT_NE(fault_of("\xEF\xBB\xBF{}"), "none"); }

TEST(StrictJson, RefusesWhatOtherDialectsAllow) {
  for (const std::string_view text :
       {"",        " ",     "{",    "{\"a\":1,}", "[1,]",      "{'a':1}", "{a:1}",
        "// a\n1", "/**/1", "NaN",  "Infinity",   "-Infinity", "01",      "+1",
        ".5",      "1.",    "0x10", "\"\t\"",     "\"\\x41\"", "tru"})
    EXPECT_NE(fault_of(text), "none") << text;
}

TEST(StrictJson, RefusesMoreDepthThanTheLimit) {
  EXPECT_EQ(fault_of(nested(16)), "none");
  EXPECT_NE(fault_of(nested(17)), "none");
  EXPECT_EQ(fault_of(R"({"a":{"b":1}})", {.depth = 2}), "none");
  EXPECT_NE(fault_of(R"({"a":{"b":{}}})", {.depth = 2}), "none");
}

TEST(StrictJson, RefusesATextThatIsTooLong) {
  EXPECT_EQ(fault_of("12345", {.bytes = 5}), "none");
  EXPECT_EQ(fault_of("12345", {.bytes = 4}), "the text is too long");
}

TEST(StrictJson, ReadsWholeNumbersAsTheyAre) {
  EXPECT_EQ(parsed("9223372036854775807").get_int64(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed("-9223372036854775808").get_int64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(parsed("18446744073709551615").is_uint64());
  EXPECT_TRUE(parsed("18446744073709551616").is_double());
}

TEST(StrictJson, ReadsTheNearestDouble) {
  EXPECT_EQ(parsed("1800000000.7").get_double(), 1800000000.7);
  EXPECT_EQ(parsed("1e3").get_double(), 1000.0);
  EXPECT_EQ(parsed("8.41e21").get_double(), 8.41e21);
}

TEST(StrictJson, RefusesANumberThatIsNotFinite) {
  EXPECT_NE(fault_of("1e400"), "none");
  EXPECT_NE(fault_of("-1e400"), "none");
}

TEST(StrictJson, SaysWhereItStopped) {
  const auto value = parse_strict_json("[1,x]");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().offset, 3U);
}

TEST(StrictJson, NeverQuotesTheText) {
  EXPECT_EQ(fault_of(R"({"secret":1,"secret":2})").find("secret"), std::string::npos);
  EXPECT_EQ(fault_of(R"({"a":secret})").find("secret"), std::string::npos);
}

} // namespace
} // namespace assay
