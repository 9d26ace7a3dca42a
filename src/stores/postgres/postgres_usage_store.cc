#include "stores/postgres/postgres_usage_store.h"

#include <array>
#include <string>
#include <utility>

#include "base/utf8.h"

namespace assay::stores {

using observe::UsageRow;
using Minute = std::chrono::sys_time<std::chrono::minutes>;

namespace {

constexpr std::array kMigrations{PostgresMigration{R"sql(
CREATE TABLE {schema}.usage (
  minute     bigint NOT NULL, -- since 1970
  service    text COLLATE "C" NOT NULL,
  client     text COLLATE "C" NOT NULL,
  grant_type text COLLATE "C" NOT NULL,
  successes  bigint NOT NULL,
  failures   bigint NOT NULL,
  exceptions bigint NOT NULL,
  total_us   bigint NOT NULL,
  longest_us bigint NOT NULL,
  PRIMARY KEY (minute, service, client, grant_type)
);
)sql",
                                                   1}};

// In the order of the keys: nodes that add to the same rows must not wait for each other in a
// circle.
constexpr std::string_view kAdd = R"sql(
INSERT INTO {schema}.usage AS u (minute, service, client, grant_type, successes, failures,
                                 exceptions, total_us, longest_us)
SELECT minute, service, client, grant_type, sum(successes)::bigint, sum(failures)::bigint,
       sum(exceptions)::bigint, sum(total_us)::bigint, max(longest_us)
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[])
  AS r(minute, service, client, grant_type, successes, failures, exceptions, total_us, longest_us)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT (minute, service, client, grant_type) DO UPDATE SET
  successes = u.successes + excluded.successes, failures = u.failures + excluded.failures,
  exceptions = u.exceptions + excluded.exceptions, total_us = u.total_us + excluded.total_us,
  longest_us = greatest(u.longest_us, excluded.longest_us)
)sql";

std::int64_t to_sql(Minute minute) { return minute.time_since_epoch().count(); }
std::int64_t to_sql(std::uint64_t count) { return static_cast<std::int64_t>(count); }

// Who the client says it is comes from outside: text that PostgreSQL takes for none would keep all
// the others' counts from being written.
std::string storable(const std::string& text) {
  if (is_utf8(text) && !text.contains('\0')) return text;
  constexpr unsigned char kLastOfAscii = 0x7F;
  std::string storable = text;
  for (char& character : storable)
    if (character == '\0' || static_cast<unsigned char>(character) > kLastOfAscii) character = '?';
  return storable;
}

} // namespace

PostgresSchema PostgresUsageStore::schema() { return {"usage", kMigrations}; }

PostgresUsageStore::PostgresUsageStore(PostgresUrl url) : session_(std::move(url)) {
  migrate(session_, schema());
}

void PostgresUsageStore::add(std::span<const UsageRow> rows) {
  if (rows.empty()) return;
  constexpr std::size_t kNumbers = 6;
  std::vector<PostgresArray> numbers(kNumbers, PostgresArray(PostgresType::number));
  constexpr std::size_t kTexts = 3;
  std::vector<PostgresArray> texts(kTexts, PostgresArray(PostgresType::text));
  for (const UsageRow& row : rows) {
    const auto& [key, counts] = row;
    std::size_t column = 0;
    for (const std::string* text : {&key.service, &key.client, &key.grant})
      texts[column++].add(std::string_view(storable(*text)));
    column = 0;
    for (const std::int64_t number :
         {to_sql(key.minute), to_sql(counts.successes), to_sql(counts.failures),
          to_sql(counts.exceptions), std::int64_t{counts.total_time.count()},
          std::int64_t{counts.longest_time.count()}})
      numbers[column++].add(number);
  }
  PostgresParameters parameters;
  parameters.add(numbers.front());
  for (const PostgresArray& column : texts)
    parameters.add(column);
  for (std::size_t column = 1; column < kNumbers; ++column)
    parameters.add(numbers[column]);
  session_.query(kAdd, parameters);
}

std::vector<UsageRow> PostgresUsageStore::between(Minute from, Minute to) {
  PostgresParameters parameters;
  parameters.add(to_sql(from)).add(to_sql(to));
  const auto rows = session_.query(
      "SELECT minute, service, client, grant_type, successes, failures, exceptions, total_us, "
      "longest_us FROM {schema}.usage WHERE minute >= $1 AND minute < $2 "
      "ORDER BY minute, service, client, grant_type",
      parameters, PostgresSession::kLongWait);
  std::vector<UsageRow> found;
  for (int row = 0; row < rows.rows(); ++row) {
    const auto number = [&](int column) { return rows.number(row, column); };
    const auto count = [&](int column) { return static_cast<std::uint64_t>(number(column)); };
    found.push_back({.key = {.minute = Minute(std::chrono::minutes(number(0))),
                             .service = rows.text(row, 1),
                             .client = rows.text(row, 2),
                             .grant = rows.text(row, 3)},
                     .counts = {.successes = count(4),
                                .failures = count(5),
                                .exceptions = count(6),
                                .total_time = std::chrono::microseconds(number(7)),
                                .longest_time = std::chrono::microseconds(number(8))}});
  }
  return found;
}

} // namespace assay::stores
