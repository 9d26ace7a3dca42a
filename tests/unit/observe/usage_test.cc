#include "observe/usage.h"

#include <algorithm>
#include <map>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/unavailable.h"

namespace assay::observe {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{1'769'851'812'250'000us}; // 12.25 s past 2026-01-31T09:30Z
constexpr std::chrono::sys_time<std::chrono::minutes> kMinute{29'497'530min};

// Adds up in memory; out of order for as long as the test says.
class Ledger final : public UsageStore {
public:
  void add(std::span<const UsageRow> rows) override {
    if (broken) throw Unavailable("the ledger is out of order");
    ++calls;
    EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &UsageRow::key));
    for (const UsageRow& row : rows)
      kept[row.key] += row.counts;
  }

  std::vector<UsageRow> between(std::chrono::sys_time<std::chrono::minutes> from,
                                std::chrono::sys_time<std::chrono::minutes> to) override {
    std::vector<UsageRow> rows;
    for (const auto& [key, counts] : kept) {
      if (key.minute >= from && key.minute < to) rows.push_back({key, counts});
    }
    return rows;
  }

  std::map<UsageKey, UsageCounts> kept;
  int calls = 0;
  bool broken = false;
};

UsageEvent granted_to(std::string client) {
  return {"/api/oauth/token", std::move(client), "jwt-bearer", Outcome::granted, 100us};
}

UsageKey key_of(std::string client) {
  return {kMinute, "/api/oauth/token", std::move(client), "jwt-bearer"};
}

TEST(Usage, CountsEachOutcomeByItself) {
  Ledger ledger;
  Usage usage(ledger);
  UsageEvent event = granted_to("billing");
  usage.record(event, kNow);
  event.outcome = Outcome::refused;
  event.duration = 300us;
  usage.record(event, kNow);
  usage.record(event, kNow);
  event.outcome = Outcome::error;
  event.duration = 50us;
  usage.record(event, kNow);
  usage.flush();

  ASSERT_EQ(ledger.kept.size(), 1U);
  const UsageCounts counts = ledger.kept.at(key_of("billing"));
  EXPECT_EQ(counts.successes, 1U);
  EXPECT_EQ(counts.failures, 2U);
  EXPECT_EQ(counts.exceptions, 1U);
  EXPECT_EQ(counts.total_time, 750us);
  EXPECT_EQ(counts.longest_time, 300us);
}

TEST(Usage, KeepsMinutesServicesClientsAndGrantsApart) {
  Ledger ledger;
  Usage usage(ledger);
  const UsageEvent event = granted_to("billing");
  UsageEvent other_service = event;
  other_service.service = "/other";
  UsageEvent other_grant = event;
  other_grant.grant = "refresh_token";
  usage.record(event, kNow);
  usage.record(event, kNow + 60s);
  usage.record(other_service, kNow);
  usage.record(granted_to("shipping"), kNow);
  usage.record(other_grant, kNow);
  usage.flush();

  EXPECT_EQ(ledger.kept.size(), 5U);
  for (const auto& [key, counts] : ledger.kept)
    EXPECT_EQ(counts.messages(), 1U);
}

TEST(Usage, HandsEachCountOverOnce) {
  Ledger ledger;
  Usage usage(ledger);
  usage.record(granted_to("billing"), kNow);
  usage.flush();
  usage.flush();
  EXPECT_EQ(ledger.calls, 1);
  usage.record(granted_to("billing"), kNow);
  usage.flush();
  EXPECT_EQ(ledger.kept.at(key_of("billing")).successes, 2U);
}

TEST(Usage, KeepsTheCountsWhenTheStoreFails) {
  Ledger ledger;
  ledger.broken = true;
  Usage usage(ledger);
  usage.record(granted_to("billing"), kNow);
  EXPECT_THROW(usage.flush(), Unavailable);
  usage.record(granted_to("billing"), kNow);
  usage.record(granted_to("shipping"), kNow);
  EXPECT_THROW(usage.flush(), Unavailable);

  ledger.broken = false;
  usage.flush();
  EXPECT_EQ(ledger.kept.at(key_of("billing")).successes, 2U);
  EXPECT_EQ(ledger.kept.at(key_of("shipping")).successes, 1U);
  EXPECT_EQ(usage.dropped(), 0U);
}

// Grants stand as the client asked for them: whoever sends random ones must not fill the memory.
TEST(Usage, HoldsABoundedNumberOfKeysAndCountsTheRest) {
  constexpr std::size_t kSent = Usage::kKeysMax + Usage::kKeysMax / 2;
  Ledger ledger;
  ledger.broken = true;
  Usage usage(ledger);
  for (std::size_t client = 0; client < kSent; ++client) {
    usage.record(granted_to(std::to_string(client)), kNow);
    if (client % 50'000 == 0) EXPECT_THROW(usage.flush(), Unavailable);
  }
  ledger.broken = false;
  usage.flush();
  EXPECT_LE(ledger.kept.size(), Usage::kKeysMax);
  EXPECT_GE(ledger.kept.size(), Usage::kKeysMax * 9 / 10);
  EXPECT_EQ(ledger.kept.size() + usage.dropped(), kSent);

  usage.record(granted_to("after the flush"), kNow);
  usage.flush();
  EXPECT_TRUE(ledger.kept.contains(key_of("after the flush")));
}

TEST(ConcurrentUsage, LosesNoCountBetweenFlushes) {
  constexpr int kThreads = 4;
  constexpr int kEvents = 5'000;
  Ledger ledger;
  Usage usage(ledger);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&usage] {
      for (int event = 0; event < kEvents; ++event) {
        usage.record(granted_to(std::to_string(event % 10)), kNow);
      }
    });
  }
  for (int flush = 0; flush < 50; ++flush) {
    ledger.broken = flush % 2 == 0;
    try {
      usage.flush();
    } catch (const Unavailable&) {
      continue; // its counts must come with the next one
    }
  }
  threads.clear();
  ledger.broken = false;
  usage.flush();

  std::uint64_t successes = 0;
  for (const auto& [key, counts] : ledger.kept)
    successes += counts.successes;
  EXPECT_EQ(successes, std::uint64_t{kThreads} * kEvents);
}

} // namespace
} // namespace assay::observe
