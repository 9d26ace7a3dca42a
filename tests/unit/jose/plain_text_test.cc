#include "jose/plain_text.h"

#include <gtest/gtest.h>

namespace assay::jose {
namespace {

TEST(PlainText, HasNoneOfTheControlsBelowTheSpace) {
  for (char control = 0; control < 0x20; ++control)
    EXPECT_TRUE(has_control_character(std::string_view(&control, 1))) << int{control};
  EXPECT_FALSE(has_control_character(" ~"));
}

TEST(PlainText, HasNoDelete) { EXPECT_TRUE(has_control_character("a\x7F")); }

// U+009B alone starts an escape sequence on a terminal.
TEST(PlainText, HasNoneOfTheControlsAboveAscii) {
  EXPECT_TRUE(has_control_character("a\xC2\x80"));
  EXPECT_TRUE(has_control_character("\xC2\x9B[31m"));
  EXPECT_TRUE(has_control_character("\xC2\x9F"));
  EXPECT_FALSE(has_control_character("\xC2\xA0"));
}

TEST(PlainText, MayHaveOtherCharactersWithTheSameBytes) {
  EXPECT_FALSE(has_control_character("\xE2\x82\xAC"));     // €
  EXPECT_FALSE(has_control_character("\xC3\x89"));         // É
  EXPECT_FALSE(has_control_character("\xF0\x9F\x98\x80")); // an emoji
  EXPECT_FALSE(has_control_character(""));
}

} // namespace
} // namespace assay::jose
