#include "oauth/chosen_secrets.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using Verdict = ChosenSecrets::Verdict;

class ChoosingSecrets : public ::testing::Test {
protected:
  Verdict check(const std::string& presented, const std::string& client_id = "billing") {
    return testing::result_of(secrets_.check(client_id, kept_, Secret(presented), kNow));
  }

  BlockingWorkers workers_{1, 8};
  ChosenSecrets secrets_{workers_, 2, crypto::secure_random};
  crypto::PasswordHash kept_ = crypto::PasswordHash::of("a long secret");
};

TEST_F(ChoosingSecrets, TellsTheRightOneFromOthers) {
  EXPECT_EQ(check("a long secret"), Verdict::right);
  EXPECT_EQ(check("a long secreT"), Verdict::wrong);
}

TEST_F(ChoosingSecrets, StopsCheckingAfterSoManyWrongOnes) {
  EXPECT_EQ(check("wrong"), Verdict::wrong);
  EXPECT_EQ(check("wrong again"), Verdict::wrong);
  EXPECT_EQ(check("wrong once more"), Verdict::too_many);
  EXPECT_EQ(check("wrong", "payroll"), Verdict::wrong);
}

TEST_F(ChoosingSecrets, TakesNoAttemptForARightOne) {
  for (int each = 0; each < 3; ++each)
    EXPECT_EQ(check("a long secret"), Verdict::right);
  EXPECT_EQ(check("wrong"), Verdict::wrong);
  EXPECT_EQ(check("wrong again"), Verdict::wrong);
}

// Or whoever knows a client's name could lock it out.
TEST_F(ChoosingSecrets, KnowsOneThatWasRightWhateverIsGuessedMeanwhile) {
  EXPECT_EQ(check("a long secret"), Verdict::right);
  while (check("wrong") != Verdict::too_many) {
  }
  EXPECT_EQ(check("a long secret"), Verdict::right);
}

TEST_F(ChoosingSecrets, KnowsASecretOfItsOwnHashAlone) {
  EXPECT_EQ(check("a long secret"), Verdict::right);
  kept_ = crypto::PasswordHash::of("another secret");
  EXPECT_EQ(check("a long secret"), Verdict::wrong);
}

} // namespace
} // namespace assay::oauth
