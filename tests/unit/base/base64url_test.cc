#include "base/base64url.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

// RFC 4648 section 10, without the padding.
constexpr std::pair<std::string_view, std::string_view> kExamples[] = {
    {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
    {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
};

TEST(Base64url, EncodesAndDecodesTheExamplesOfTheStandard) {
  for (const auto& [bytes, text] : kExamples) {
    EXPECT_EQ(base64url_encode(bytes), text);
    EXPECT_EQ(base64url_decode(text), bytes);
  }
}

TEST(Base64url, HasMinusAndUnderscoreInsteadOfPlusAndSlash) {
  EXPECT_EQ(base64url_encode("\xFB\xFF"), "-_8");
  EXPECT_EQ(base64url_decode("-_8"), "\xFB\xFF");
  EXPECT_FALSE(base64url_decode("+/8"));
}

TEST(Base64url, GivesEveryByteBack) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte)
    bytes.push_back(static_cast<char>(byte));
  EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
}

TEST(Base64url, RefusesPadding) {
  EXPECT_FALSE(base64url_decode("Zg=="));
  EXPECT_FALSE(base64url_decode("Zm8="));
}

TEST(Base64url, RefusesWhiteSpace) {
  EXPECT_FALSE(base64url_decode("Zm9v\n"));
  EXPECT_FALSE(base64url_decode(" Zm9v"));
  EXPECT_FALSE(base64url_decode("Zm 9v"));
}

TEST(Base64url, RefusesWhatIsNotInTheAlphabet) {
  EXPECT_FALSE(base64url_decode("Zm9."));
  EXPECT_FALSE(base64url_decode(std::string_view("Zm9\0", 4)));
  EXPECT_FALSE(base64url_decode("Zm\xC3\xA9"));
}

TEST(Base64url, RefusesABadCharacterWhereverItStands) {
  for (const std::size_t length : {18U, 19U, 20U}) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'A');
      EXPECT_TRUE(base64url_decode(text));
      text[at] = '=';
      EXPECT_FALSE(base64url_decode(text)) << length << ' ' << at;
    }
  }
}

TEST(Base64url, RefusesALengthThatNoBytesHave) {
  EXPECT_FALSE(base64url_decode("Z"));
  EXPECT_FALSE(base64url_decode("Zm9vY"));
}

// "Zg" and "Zh" would both be "f": a second spelling of a signature that was seen before.
TEST(Base64url, RefusesBitsBeyondTheLastByte) {
  EXPECT_FALSE(base64url_decode("Zh"));
  EXPECT_FALSE(base64url_decode("Zm9"));
}

TEST(Base64, DecodesThePaddedAlphabet) {
  EXPECT_EQ(base64_decode(""), "");
  EXPECT_EQ(base64_decode("Zg=="), "f");
  EXPECT_EQ(base64_decode("Zm8="), "fo");
  EXPECT_EQ(base64_decode("Zm9v"), "foo");
  EXPECT_EQ(base64_decode("+/8="), "\xFB\xFF");
}

TEST(Base64, RefusesWhatIsNotExactlyThat) {
  EXPECT_FALSE(base64_decode("Zg"));   // no padding
  EXPECT_FALSE(base64_decode("Zg="));  // too little
  EXPECT_FALSE(base64_decode("Z===")); // too much
  EXPECT_FALSE(base64_decode("===="));
  EXPECT_FALSE(base64_decode("Zg==Zg=="));
  EXPECT_FALSE(base64_decode("Zh==")); // bits beyond the last byte
  EXPECT_FALSE(base64_decode("-_8=")); // the other alphabet
}

} // namespace
} // namespace assay
