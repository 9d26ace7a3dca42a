#include "base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Utf8, TakesTheFirstAndTheLastCharacterOfEachLength) {
  for (const char* text : {"\x01", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, TakesTheCharactersAroundTheSurrogates) {
  EXPECT_TRUE(is_utf8("\xED\x9F\xBF"));
  EXPECT_TRUE(is_utf8("\xEE\x80\x80"));
}

// The same character in more bytes than it needs: how `/` was smuggled past checks.
TEST(Utf8, RefusesOverlongForms) {
  for (const char* text : {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF",
                           "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

TEST(Utf8, RefusesSurrogates) {
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xED\xBF\xBF"));
}

TEST(Utf8, RefusesCodePointsBeyondTheLast) {
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(is_utf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(is_utf8("\xFF"));
}

TEST(Utf8, RefusesACharacterThatIsCut) {
  EXPECT_FALSE(is_utf8("\xC3"));
  EXPECT_FALSE(is_utf8("\xE2\x82"));
  EXPECT_FALSE(is_utf8("\xF0\x9F\x98"));
  EXPECT_FALSE(is_utf8("\xC3(")) << "no continuation";
}

TEST(Utf8, RefusesAContinuationWithoutAStart) { EXPECT_FALSE(is_utf8("a\x80")); }

TEST(Utf8, RefusesABadByteWhereverItStands) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    EXPECT_TRUE(is_utf8(text.replace(at, 1, "\xC3\xA9"))) << at;
    text = std::string(40, 'a');
    text[at] = '\xE9';
    EXPECT_FALSE(is_utf8(text)) << at;
  }
}

TEST(Utf8, CutsBetweenCharacters) {
  constexpr std::string_view kText = "a\xC3\xA9\xE2\x82\xAC"; // aé€
  EXPECT_EQ(utf8_prefix(kText, 6), kText);
  EXPECT_EQ(utf8_prefix(kText, 5), "a\xC3\xA9");
  EXPECT_EQ(utf8_prefix(kText, 3), "a\xC3\xA9");
  EXPECT_EQ(utf8_prefix(kText, 2), "a");
  EXPECT_EQ(utf8_prefix(kText, 0), "");
}

} // namespace
} // namespace assay
