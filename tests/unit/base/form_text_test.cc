#include "base/form_text.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

// RFC 6749 appendix B.
TEST(FormText, EncodesTheExampleOfTheStandard) {
  EXPECT_EQ(form_encode(" %&+\xC2\xA3\xE2\x82\xAC"), "%20%25%26%2B%C2%A3%E2%82%AC");
  EXPECT_EQ(form_decode("+%25%26%2B%C2%A3%E2%82%AC"), " %&+\xC2\xA3\xE2\x82\xAC");
}

TEST(FormText, LeavesUnreservedCharactersAsTheyAre) {
  EXPECT_EQ(form_encode("azAZ09-._*"), "azAZ09-._*");
}

TEST(FormText, DecodesHexadecimalOfEitherCase) { EXPECT_EQ(form_decode("%4a%4A"), "JJ"); }

TEST(FormText, GivesEveryValueBack) {
  std::string value;
  for (char character = 1; character != 0x7F; ++character)
    value.push_back(character);
  EXPECT_EQ(form_decode(form_encode(value)), value);
}

TEST(FormText, DecodesWhatStandsBetweenPlainText) {
  EXPECT_EQ(form_decode("+one+two%2Bthree%20"), " one two+three ");
  EXPECT_EQ(form_decode(""), "");
}

TEST(FormText, RefusesABrokenEscape) {
  EXPECT_FALSE(form_decode("%"));
  EXPECT_FALSE(form_decode("a%4"));
  EXPECT_FALSE(form_decode("%4g"));
  EXPECT_FALSE(form_decode("%-1"));
}

TEST(FormText, RefusesNul) {
  EXPECT_FALSE(form_decode("a%00b"));
  EXPECT_FALSE(form_decode(std::string_view("a\0b", 3)));
}

TEST(FormText, RefusesWhatIsNotUtf8) {
  EXPECT_FALSE(form_decode("%FF"));
  EXPECT_FALSE(form_decode("\xC3"));
  EXPECT_FALSE(form_decode("%C0%AF")); // an overlong slash
}

} // namespace
} // namespace assay
