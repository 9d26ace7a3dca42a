#include "stores/sqlite/bucket_tables.h"

#include <fmt/format.h>

#include "base/assert.h"

namespace assay::stores {

namespace {

std::int64_t to_sql(TimePoint time) { return time.time_since_epoch().count(); }

TimePoint time_from(std::int64_t number) { return TimePoint(std::chrono::microseconds(number)); }

std::string with_table(std::string_view sql, std::string_view table) {
  const std::size_t mark = sql.find('$');
  return fmt::format("{}{}{}", sql.substr(0, mark), table, sql.substr(mark + 1));
}

} // namespace

void BucketTables::look_again() {
  schema_version_.step();
  const std::int64_t version = schema_version_.integer(0);
  schema_version_.restart();
  if (version == seen_version_) return;
  read_list();
  seen_version_ = version;
}

std::vector<std::string_view> BucketTables::names(std::string_view kind) const {
  std::vector<std::string_view> names;
  for (auto at = tables_.lower_bound(kind); at != tables_.end() && at->first.starts_with(kind);
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
  look_again();
}

std::vector<std::string> BucketTables::over(TimePoint now) const {
  std::vector<std::string> names;
  for (const auto& [name, table] : tables_)
    if (table.over_at <= now) names.push_back(name);
  return names;
}

std::int64_t BucketTables::shrink(const std::string& name, std::string_view key,
                                  std::int64_t rows_max) {
  if (!has(name)) return 0;
  database_
      .prepare(
          fmt::format("DELETE FROM {0} WHERE ({1}) IN (SELECT {1} FROM {0} LIMIT ?)", name, key))
      .bind(rows_max)
      .run();
  const std::int64_t deleted = database_.changes();
  if (deleted == rows_max) return deleted;

  tables_.erase(name); // its statements first: SQLite drops no table that one is open on
  database_.execute(fmt::format("DROP TABLE {}", name));
  database_.prepare("DELETE FROM buckets WHERE name = ?").bind(name).run();
  look_again();
  return deleted;
}

SqliteStatement& BucketTables::statement(const TableQuery& query, std::string_view table) {
  const auto found = tables_.find(table);
  ASSAY_ASSERT(found != tables_.end(), "a table of the list");
  auto& kept = found->second.statements[query.slot];
  if (kept) return kept->restart();
  return kept.emplace(database_.prepare(with_table(query.sql, table)));
}

// Tables that are still there keep their statements: SQLite prepares them anew by itself.
void BucketTables::read_list() {
  std::map<std::string, Table, std::less<>> tables;
  auto rows = database_.prepare("SELECT name, over_at FROM buckets");
  while (rows.step()) {
    auto known = tables_.extract(rows.text(0));
    if (known)
      tables.insert(std::move(known));
    else
      tables.emplace(rows.text(0), Table{.over_at = time_from(rows.integer(1))});
  }
  tables_ = std::move(tables);
}

} // namespace assay::stores
