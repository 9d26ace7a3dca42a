#include "stores/sqlite/bucket_tables.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::stores {

namespace {

// A few statements a live table; beyond it all are prepared anew.
constexpr std::size_t kStatementsMax = 512;

std::int64_t to_sql(TimePoint time) { return time.time_since_epoch().count(); }

TimePoint time_from(std::int64_t number) { return TimePoint(std::chrono::microseconds(number)); }

std::string with_table(std::string_view sql, std::string_view table) {
  const std::size_t mark = sql.find('$');
  return fmt::format("{}{}{}", sql.substr(0, mark), table, sql.substr(mark + 1));
}

} // namespace

void BucketTables::look_again() {
  SqliteStatement& version = statement("PRAGMA schema_version -- $", "");
  version.step();
  const std::int64_t seen = version.integer(0);
  version.restart();
  if (seen == schema_version_) return;

  statements_.clear();
  over_at_.clear();
  auto rows = database_.prepare("SELECT name, over_at FROM buckets");
  while (rows.step())
    over_at_.emplace(rows.text(0), time_from(rows.integer(1)));
  schema_version_ = seen;
}

std::vector<std::string> BucketTables::names(std::string_view kind) const {
  std::vector<std::string> names;
  for (auto at = over_at_.lower_bound(kind); at != over_at_.end() && at->first.starts_with(kind);
       ++at)
    names.push_back(at->first);
  return names;
}

void BucketTables::make(const std::string& name, std::string_view columns, TimePoint over_at) {
  if (has(name)) return;
  database_.execute(fmt::format("CREATE TABLE {} ({}) STRICT, WITHOUT ROWID", name, columns));
  database_.prepare("INSERT INTO buckets (name, over_at) VALUES (?, ?)")
      .bind(name)
      .bind(to_sql(over_at))
      .run();
  schema_version_ = -1;
  look_again();
}

std::vector<std::string> BucketTables::over(TimePoint now) const {
  std::vector<std::string> names;
  for (const auto& [name, over_at] : over_at_)
    if (over_at <= now) names.push_back(name);
  return names;
}

std::int64_t BucketTables::shrink(const std::string& name, std::int64_t rows_max) {
  if (!has(name)) return 0;
  database_
      .prepare(
          fmt::format("DELETE FROM {0} WHERE digest IN (SELECT digest FROM {0} LIMIT ?)", name))
      .bind(rows_max)
      .run();
  const std::int64_t deleted = database_.changes();
  if (deleted == rows_max) return deleted;

  statements_.clear(); // one that is open on the table would keep it from being dropped
  database_.execute(fmt::format("DROP TABLE {}", name));
  database_.prepare("DELETE FROM buckets WHERE name = ?").bind(name).run();
  schema_version_ = -1;
  look_again();
  return deleted;
}

SqliteStatement& BucketTables::statement(std::string_view sql, std::string_view table) {
  const std::string text = with_table(sql, table);
  const auto known = statements_.find(text);
  if (known != statements_.end()) return known->second.restart();
  if (statements_.size() >= kStatementsMax) statements_.clear();
  return statements_.emplace(text, database_.prepare(text)).first->second;
}

} // namespace assay::stores
