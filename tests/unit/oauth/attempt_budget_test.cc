#include "oauth/attempt_budget.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

TEST(AttemptBudget, HasSoManyAttemptsAMinuteForEachClient) {
  AttemptBudget budget(3);
  for (int each = 0; each < 3; ++each)
    EXPECT_TRUE(budget.take("billing", kNow)) << each;
  EXPECT_FALSE(budget.take("billing", kNow));
  EXPECT_TRUE(budget.take("payroll", kNow));
}

TEST(AttemptBudget, FillsUpAgain) {
  AttemptBudget budget(3);
  while (budget.take("billing", kNow)) {
  }
  EXPECT_FALSE(budget.take("billing", kNow + 20s - 1us));
  EXPECT_TRUE(budget.take("billing", kNow + 20s));
  EXPECT_FALSE(budget.take("billing", kNow + 20s));
  for (int each = 0; each < 3; ++each)
    EXPECT_TRUE(budget.take("billing", kNow + 10min)) << each;
  EXPECT_FALSE(budget.take("billing", kNow + 10min));
}

TEST(AttemptBudget, TakesBackWhatWasNoWrongAttempt) {
  AttemptBudget budget(1);
  EXPECT_TRUE(budget.take("billing", kNow));
  budget.give_back("billing");
  EXPECT_TRUE(budget.take("billing", kNow));
  budget.give_back("unknown");
  EXPECT_FALSE(budget.take("billing", kNow));
}

} // namespace
} // namespace assay::oauth
