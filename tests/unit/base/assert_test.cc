#include "base/assert.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(AssertDeathTest, EndsTheProcessAndSaysWhatWasExpected) {
  EXPECT_DEATH(ASSAY_ASSERT(1 > 2, "one above two"),
               "assert_test.cc:[0-9]+: expected one above two");
}

TEST(Assert, PassesWhatHolds) { ASSAY_ASSERT(2 > 1, "two above one"); }

} // namespace
} // namespace assay
