#include "http/syntax.h"

#include <limits>

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(Syntax, TakesLettersDigitsAndMarksAsToken) {
  EXPECT_TRUE(is_token("Content-Type"));
  EXPECT_TRUE(is_token("!#$%&'*+-.^_`|~09"));
}

TEST(Syntax, TakesNoDelimiterSpaceOrHighByteAsToken) {
  for (const std::string_view text : {"", "a b", "a:b", "a\t", "(a)", "a\x7F", "\xC3\xA9", "a/b"})
    EXPECT_FALSE(is_token(text)) << text;
}

TEST(Syntax, TakesNoControlCharacterInAValue) {
  EXPECT_TRUE(is_field_value("any \t text, \xC3\xA9"));
  EXPECT_TRUE(is_field_value(""));
  for (const std::string_view text : {"a\rb", "a\nb", "\x7F", "\x01"})
    EXPECT_FALSE(is_field_value(text));
  EXPECT_FALSE(is_field_value(std::string_view("a\0b", 3)));
}

TEST(Syntax, TrimsSpacesAndTabsAlone) {
  EXPECT_EQ(trimmed(" \t a b\t "), "a b");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed("\ra"), "\ra");
}

TEST(Syntax, ComparesLettersWhateverTheirCaseAndNothingElse) {
  EXPECT_TRUE(equal_ignoring_case("Host", "hOST"));
  EXPECT_FALSE(equal_ignoring_case("Host", "Hosts"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(Syntax, SplitsPartsOffUntilNothingIsLeft) {
  std::string_view rest = "a,,b";
  EXPECT_EQ(split_off(rest, ','), "a");
  EXPECT_EQ(split_off(rest, ','), "");
  EXPECT_EQ(split_off(rest, ','), "b");
  EXPECT_TRUE(rest.empty());
}

TEST(Syntax, ReadsSizesOfDigitsAlone) {
  EXPECT_EQ(parse_size("0042", NumberBase::decimal), 42U);
  EXPECT_EQ(parse_size("fF", NumberBase::hexadecimal), 255U);
  for (const std::string_view text : {"", "+1", "-1", " 1", "1 ", "1,1", "0x1", "a"})
    EXPECT_FALSE(parse_size(text, NumberBase::decimal)) << text;
}

// Wrapped around, a length of 2^64 + 5 would end the body after five bytes.
TEST(Syntax, ReadsASizeThatCannotBeHeldAsTheLargest) {
  EXPECT_EQ(parse_size("18446744073709551621", NumberBase::decimal),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_FALSE(parse_size("18446744073709551621x", NumberBase::decimal));
}

} // namespace
} // namespace assay::http
