#include "base/copy_mark.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(CopyMark, IsReadAsItWasWritten) {
  const CopyMark mark{.from = "sqlite:/var/lib/assay/\"tokens\".db",
                      .copied_until = TimePoint(std::chrono::microseconds(1'800'000'000'123'456))};
  const auto read = CopyMark::parse(mark.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->from, mark.from);
  EXPECT_EQ(read->copied_until, mark.copied_until);
}

TEST(CopyMark, IsNothingElse) {
  for (const char* text : {"", "[]", "{}", R"({"from":1,"copied_until":2})",
                           R"({"from":"x","copied_until":"2"})", R"({"from":"x"})"})
    EXPECT_FALSE(CopyMark::parse(text)) << text;
}

} // namespace
} // namespace assay
