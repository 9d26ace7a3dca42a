#include "stores/sqlite/sqlite_token_store.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace assay::stores {

using oauth::IssueOutcome;

namespace {

// How long the writer's thread may be kept from the requests by one step of a purge.
constexpr std::chrono::milliseconds kSliceTime{5};
constexpr std::int64_t kSliceRowsMin = 50;
constexpr std::int64_t kSliceRowsMax = 20'000;

} // namespace

SqliteTokenStore::SqliteTokenStore(const std::filesystem::path& file)
    : writer_(file), readers_(file) {}

Task<IssueOutcome> SqliteTokenStore::issue(oauth::Issue issue, TimePoint now) {
  IssueOutcome outcome{};
  co_await writer_.commit([&](TokenTables& tables) { outcome = tables.issue(issue, now); });
  co_return outcome;
}

Task<IssueOutcome> SqliteTokenStore::claim(oauth::ReplayClaim claim, TimePoint now) {
  IssueOutcome outcome{};
  co_await writer_.commit([&](TokenTables& tables) { outcome = tables.claim(claim, now); });
  co_return outcome;
}

Task<bool> SqliteTokenStore::seen(oauth::ReplayClaim claim, TimePoint now) {
  const auto look = [&](TokenTables& tables) { return tables.seen(claim, now); };
  auto seen = readers_.try_read(writer_.generation(), look);
  if (!seen) co_await writer_.commit([&](TokenTables& tables) { seen = look(tables); });
  co_return *seen;
}

Task<oauth::Redeemed> SqliteTokenStore::redeem(oauth::Redemption redemption, TimePoint now) {
  oauth::Redeemed redeemed;
  co_await writer_.commit([&](TokenTables& tables) { redeemed = tables.redeem(redemption, now); });
  co_return redeemed;
}

Task<std::optional<oauth::TokenRecord>> SqliteTokenStore::find(oauth::TokenKey key, TimePoint now) {
  const auto look = [&](TokenTables& tables) { return tables.find(key, now); };
  auto found = readers_.try_read(writer_.generation(), look);
  if (!found) co_await writer_.commit([&](TokenTables& tables) { found = look(tables); });
  co_return std::move(*found);
}

Task<bool> SqliteTokenStore::revoke(oauth::TokenKey key, TimePoint now) {
  bool revoked = false;
  co_await writer_.commit([&](TokenTables& tables) { revoked = tables.revoke(key, now); });
  co_return revoked;
}

oauth::TokenCount SqliteTokenStore::count(const std::optional<std::string>& client_id,
                                          TimePoint now, const oauth::IsRevoked& is_revoked) {
  const auto look = [&](TokenTables& tables) { return tables.count(client_id, now, is_revoked); };
  auto count = readers_.try_read(writer_.generation(), look);
  if (!count) writer_.commit_and_wait([&](TokenTables& tables) { count = look(tables); });
  return *count;
}

oauth::PurgeOutcome SqliteTokenStore::purge(TimePoint now) {
  std::vector<BucketId> over;
  writer_.commit_and_wait([&](TokenTables& tables) { over = tables.over(now); });

  oauth::PurgeOutcome outcome;
  for (const BucketId& bucket : over) {
    const std::uint64_t rows = drop(bucket, now);
    if (bucket.kind == BucketKind::tokens) outcome.tokens += rows;
    if (bucket.kind == BucketKind::claims) outcome.claims += rows;
  }
  return outcome;
}

// Slice by slice, each committed with the grants that come meanwhile. Between two slices it leaves
// the file alone for as long as one took, so that also the grants of another process get through.
std::uint64_t SqliteTokenStore::drop(const BucketId& bucket, TimePoint now) {
  std::uint64_t rows = 0;
  for (std::int64_t rows_max = kSliceRowsMin;;) {
    BucketTables::Shrinkage slice;
    std::chrono::steady_clock::duration took{};
    writer_.commit_and_wait([&](TokenTables& tables) {
      const auto began = std::chrono::steady_clock::now();
      slice = tables.shrink(bucket, now, rows_max);
      took = std::chrono::steady_clock::now() - began;
    });
    rows += slice.rows;
    if (slice.dropped) return rows;
    const std::int64_t next = took > kSliceTime / 2 ? rows_max / 2 : rows_max * 2;
    rows_max = std::clamp(next, kSliceRowsMin, kSliceRowsMax);
    std::this_thread::sleep_for(took);
  }
}

} // namespace assay::stores
