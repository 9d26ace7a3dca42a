#include "stores/sqlite/sqlite_usage_store.h"

#include <array>

namespace assay::stores {

using observe::UsageRow;
using Minute = std::chrono::sys_time<std::chrono::minutes>;

namespace {

constexpr std::array<std::string_view, 1> kMigrations{
    R"(CREATE TABLE usage (
         minute     INTEGER NOT NULL, -- since 1970
         service    TEXT NOT NULL,
         client     TEXT NOT NULL,
         grant_type TEXT NOT NULL,
         successes  INTEGER NOT NULL,
         failures   INTEGER NOT NULL,
         exceptions INTEGER NOT NULL,
         total_us   INTEGER NOT NULL,
         longest_us INTEGER NOT NULL,
         PRIMARY KEY (minute, service, client, grant_type)
       ) STRICT, WITHOUT ROWID)",
};

constexpr std::int32_t kApplicationId = 0x4173556B; // "AsUk"

std::int64_t to_sql(Minute minute) { return minute.time_since_epoch().count(); }
std::int64_t to_sql(std::uint64_t count) { return static_cast<std::int64_t>(count); }

UsageRow row_of(const SqliteStatement& row) {
  const auto count = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
  return {.key = {.minute = Minute(std::chrono::minutes(row.integer(0))),
                  .service = row.text(1),
                  .client = row.text(2),
                  .grant = row.text(3)},
          .counts = {.successes = count(4),
                     .failures = count(5),
                     .exceptions = count(6),
                     .total_time = std::chrono::microseconds(row.integer(7)),
                     .longest_time = std::chrono::microseconds(row.integer(8))}};
}

} // namespace

SqliteUsageStore::SqliteUsageStore(const std::filesystem::path& file) : database_(file) {
  database_.migrate({kApplicationId, kMigrations});
}

void SqliteUsageStore::add(std::span<const UsageRow> rows) {
  const std::lock_guard lock(mutex_);
  SqliteTransaction transaction(database_);
  auto upsert = database_.prepare(
      "INSERT INTO usage (minute, service, client, grant_type, successes, failures, exceptions, "
      "total_us, longest_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET successes = successes + excluded.successes, "
      "failures = failures + excluded.failures, exceptions = exceptions + excluded.exceptions, "
      "total_us = total_us + excluded.total_us, longest_us = max(longest_us, excluded.longest_us)");
  for (const UsageRow& row : rows)
    upsert.restart()
        .bind(to_sql(row.key.minute))
        .bind(row.key.service)
        .bind(row.key.client)
        .bind(row.key.grant)
        .bind(to_sql(row.counts.successes))
        .bind(to_sql(row.counts.failures))
        .bind(to_sql(row.counts.exceptions))
        .bind(row.counts.total_time.count())
        .bind(row.counts.longest_time.count())
        .run();
  transaction.commit();
}

std::vector<UsageRow> SqliteUsageStore::between(Minute from, Minute to) {
  const std::lock_guard lock(mutex_);
  auto rows = database_.prepare("SELECT minute, service, client, grant_type, successes, failures, "
                                "exceptions, total_us, longest_us FROM usage "
                                "WHERE minute >= ? AND minute < ? "
                                "ORDER BY minute, service, client, grant_type");
  rows.bind(to_sql(from)).bind(to_sql(to));
  std::vector<UsageRow> found;
  while (rows.step())
    found.push_back(row_of(rows));
  return found;
}

} // namespace assay::stores
