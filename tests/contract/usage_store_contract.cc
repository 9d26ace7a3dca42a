// What every back end of observe::UsageStore promises.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stores/open.h"
#include "support/postgres.h"
#include "support/scratch_folder.h"

namespace assay::contract {

using namespace std::chrono_literals;
using observe::UsageRow;

namespace {

using Minute = std::chrono::sys_time<std::chrono::minutes>;

constexpr Minute kMinute{30'000'000min};

UsageRow row(Minute minute, const std::string& client, std::uint64_t successes) {
  return {.key = {.minute = minute, .service = "tokens", .client = client, .grant = "jwt-bearer"},
          .counts = {.successes = successes,
                     .failures = 1,
                     .exceptions = 2,
                     .total_time = 30us,
                     .longest_time = 20us}};
}

class UsageStoreContract : public ::testing::TestWithParam<std::string> {
protected:
  std::unique_ptr<observe::UsageStore> open() const {
    return stores::open_usage_store(testing::url_in(folder_, GetParam()), folder_.path());
  }
  void add(std::vector<UsageRow> rows) { store_->add(rows); }

  testing::ScratchFolder folder_;
  std::unique_ptr<observe::UsageStore> store_ = open();
};

TEST_P(UsageStoreContract, GivesBackWhatWasAdded) {
  add({row(kMinute, "billing", 5)});
  const auto rows = store_->between(kMinute, kMinute + 1min);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key, row(kMinute, "billing", 5).key);
  EXPECT_EQ(rows[0].counts.successes, 5U);
  EXPECT_EQ(rows[0].counts.failures, 1U);
  EXPECT_EQ(rows[0].counts.exceptions, 2U);
  EXPECT_EQ(rows[0].counts.total_time, 30us);
  EXPECT_EQ(rows[0].counts.longest_time, 20us);
}

TEST_P(UsageStoreContract, AddsToWhatIsKeptUnderTheSameKey) {
  add({row(kMinute, "billing", 5)});
  auto more = row(kMinute, "billing", 7);
  more.counts.longest_time = 50us;
  add({more});
  const auto rows = store_->between(kMinute, kMinute + 1min);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].counts.successes, 12U);
  EXPECT_EQ(rows[0].counts.failures, 2U);
  EXPECT_EQ(rows[0].counts.exceptions, 4U);
  EXPECT_EQ(rows[0].counts.total_time, 60us);
  EXPECT_EQ(rows[0].counts.longest_time, 50us);
}

TEST_P(UsageStoreContract, GivesTheMinutesFromTheFirstToBeforeTheLastInTheOrderOfTheirKeys) {
  add({row(kMinute + 2min, "billing", 1), row(kMinute + 1min, "shipping", 2),
       row(kMinute + 1min, "billing", 3), row(kMinute, "billing", 4),
       row(kMinute + 3min, "billing", 5)});
  std::vector<std::uint64_t> successes;
  for (const UsageRow& found : store_->between(kMinute + 1min, kMinute + 3min))
    successes.push_back(found.counts.successes);
  EXPECT_EQ(successes, (std::vector<std::uint64_t>{3, 2, 1}));
}

TEST_P(UsageStoreContract, KeepsApartWhatDiffersInAnyPartOfTheKey) {
  auto by_service = row(kMinute, "billing", 2);
  by_service.key.service = "introspection";
  auto by_grant = row(kMinute, "billing", 3);
  by_grant.key.grant = "";
  add({row(kMinute, "billing", 1), by_service, by_grant, row(kMinute, "", 4),
       row(kMinute + 1min, "billing", 5)});
  EXPECT_EQ(store_->between(kMinute, kMinute + 2min).size(), 5U);
}

TEST_P(UsageStoreContract, TakesNoRows) {
  add({});
  EXPECT_TRUE(store_->between(kMinute, kMinute + 1min).empty());
}

TEST_P(UsageStoreContract, KeepsLargeCounts) {
  constexpr std::uint64_t kMany = 1ULL << 40;
  add({row(kMinute, "billing", kMany)});
  add({row(kMinute, "billing", kMany)});
  EXPECT_EQ(store_->between(kMinute, kMinute + 1min).at(0).counts.successes, 2 * kMany);
}

// Of the URL's scheme.
std::string name_of(const ::testing::TestParamInfo<std::string>& info) {
  if (info.param == testing::kPgbouncer) return "pgbouncer";
  return info.param.substr(0, info.param.find(':'));
}

INSTANTIATE_TEST_SUITE_P(All, UsageStoreContract,
                         ::testing::Values("memory:", "sqlite:usage.db", testing::kPostgres,
                                           testing::kPgbouncer),
                         name_of);

// What holds beyond that where the store is durable.
class SharedUsageStoreContract : public UsageStoreContract {};

TEST_P(SharedUsageStoreContract, KeepsAllAcrossRestarts) {
  add({row(kMinute, "billing", 5)});
  store_ = nullptr;
  store_ = open();
  EXPECT_EQ(store_->between(kMinute, kMinute + 1min).size(), 1U);
}

TEST_P(SharedUsageStoreContract, AddsToWhatAnotherAdded) {
  const auto other = open();
  const UsageRow theirs = row(kMinute, "billing", 5);
  other->add({&theirs, 1});
  add({row(kMinute, "billing", 7)});
  EXPECT_EQ(other->between(kMinute, kMinute + 1min).at(0).counts.successes, 12U);
}

INSTANTIATE_TEST_SUITE_P(All, SharedUsageStoreContract,
                         ::testing::Values("sqlite:usage.db", testing::kPostgres,
                                           testing::kPgbouncer),
                         name_of);

} // namespace
} // namespace assay::contract
