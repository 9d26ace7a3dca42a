#include "crypto/seal.h"

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

constexpr std::string_view kSecret = "0123456789abcdefghijklmnopqrstuv";

std::string sealed(std::string_view text) { return seal(text, kSecret, "a test", secure_random); }

TEST(Seal, IsOpenedByItsSecret) {
  for (const std::string_view text : {"", "a", "an answer of several words"}) {
    const auto opened = unseal(sealed(text), kSecret, "a test");
    ASSERT_TRUE(opened) << text;
    EXPECT_EQ(opened->reveal(), text);
  }
}

TEST(Seal, IsOpenedByNothingElse) {
  const std::string closed = sealed("an answer");
  EXPECT_FALSE(unseal(closed, "0123456789abcdefghijklmnopqrstuw", "a test"));
  EXPECT_FALSE(unseal(closed, "", "a test"));
  EXPECT_FALSE(unseal(closed, kSecret, "another use"));
}

TEST(Seal, ShowsNothingOfTheText) {
  const std::string closed = sealed("an answer");
  EXPECT_EQ(closed.find("answer"), std::string::npos);
  EXPECT_NE(closed, sealed("an answer"));
}

TEST(Seal, IsBrokenByAnyChange) {
  const std::string closed = sealed("an answer");
  for (std::size_t at = 0; at < closed.size(); ++at) {
    std::string changed = closed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(unseal(changed, kSecret, "a test")) << at;
    EXPECT_FALSE(unseal(closed.substr(0, at), kSecret, "a test")) << at;
  }
  EXPECT_FALSE(unseal(closed + "x", kSecret, "a test"));
}

} // namespace
} // namespace assay::crypto
