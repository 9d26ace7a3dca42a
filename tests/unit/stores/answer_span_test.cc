#include "stores/answer_span.h"

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::kTokenTime;

TEST(AnswerSpan, IsOverWithinAMinuteAfterEachOfItsAnswers) {
  for (const auto later : {0us, 1us, 59'999'999us, 60'000'000us, 61'000'000us}) {
    const TimePoint repeatable_until = kTokenTime + later;
    const AnswerSpan span = AnswerSpan::of(repeatable_until);
    EXPECT_GT(span.over_at(), repeatable_until);
    EXPECT_LE(span.over_at(), repeatable_until + 1min);
  }
}

TEST(AnswerSpan, IsSharedByAnswersOfOneMinute) {
  EXPECT_EQ(AnswerSpan::of(kTokenTime), AnswerSpan::of(kTokenTime + 59s));
  EXPECT_LT(AnswerSpan::of(kTokenTime), AnswerSpan::of(kTokenTime + 60s));
}

} // namespace
} // namespace assay::stores
