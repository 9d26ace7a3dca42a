#include "stores/sqlite/sqlite_property_store.h"

#include <algorithm>
#include <array>

namespace assay::stores {

using registry::Property;
using registry::PropertyChange;
using registry::PropertyWrite;
using registry::Version;

namespace {

constexpr std::array<std::string_view, 1> kMigrations{
    R"(CREATE TABLE properties (
         table_name TEXT NOT NULL,
         key        TEXT NOT NULL,
         value      TEXT,             -- NULL: erased
         version    INTEGER NOT NULL,
         PRIMARY KEY (table_name, key),
         UNIQUE (table_name, version)
       ) STRICT)",
};

constexpr std::int32_t kApplicationId = 0x4173526B; // "AsRk"

std::int64_t to_sql(Version version) { return static_cast<std::int64_t>(version); }

Version version_in(const SqliteStatement& statement, int column) {
  return static_cast<Version>(statement.integer(column));
}

} // namespace

SqliteSchema SqlitePropertyStore::schema() { return {kApplicationId, kMigrations}; }

SqlitePropertyStore::SqlitePropertyStore(const std::filesystem::path& file) : database_(file) {
  database_.migrate(schema());
}

std::optional<Property> SqlitePropertyStore::find(std::string_view table, std::string_view key) {
  const std::lock_guard lock(mutex_);
  return row(table, key);
}

std::vector<PropertyChange> SqlitePropertyStore::changes_since(std::string_view table,
                                                               Version version) {
  const std::lock_guard lock(mutex_);
  auto rows = database_.prepare("SELECT key, value, version FROM properties "
                                "WHERE table_name = ?1 AND version > ?2 "
                                "AND (?2 > 0 OR value IS NOT NULL) ORDER BY version");
  rows.bind(table).bind(to_sql(version));
  std::vector<PropertyChange> changes;
  while (rows.step()) {
    auto& change = changes.emplace_back(rows.text(0), std::nullopt, version_in(rows, 2));
    if (!rows.is_null(1)) change.value = rows.text(1);
  }
  return changes;
}

std::vector<std::string> SqlitePropertyStore::tables() {
  const std::lock_guard lock(mutex_);
  auto rows =
      database_.prepare("SELECT DISTINCT table_name FROM properties WHERE value IS NOT NULL");
  std::vector<std::string> names;
  while (rows.step())
    names.push_back(rows.text(0));
  return names;
}

bool SqlitePropertyStore::apply(std::string_view table, std::span<const PropertyWrite> writes) {
  const std::lock_guard lock(mutex_);
  SqliteTransaction transaction(database_);
  const bool all_fit =
      std::ranges::all_of(writes, [&](const PropertyWrite& write) { return fits(table, write); });
  if (!all_fit) return false;
  Version version = latest_version(table);
  for (const PropertyWrite& write : writes)
    put(table, write, ++version);
  transaction.commit();
  return true;
}

std::optional<Property> SqlitePropertyStore::row(std::string_view table,
                                                 std::string_view key) const {
  auto found = database_.prepare("SELECT key, value, version FROM properties "
                                 "WHERE table_name = ? AND key = ? AND value IS NOT NULL");
  if (!found.bind(table).bind(key).step()) return std::nullopt;
  return Property{found.text(0), found.text(1), version_in(found, 2)};
}

Version SqlitePropertyStore::latest_version(std::string_view table) const {
  auto latest = database_.prepare("SELECT max(version) FROM properties WHERE table_name = ?");
  latest.bind(table).step();
  return version_in(latest, 0);
}

bool SqlitePropertyStore::fits(std::string_view table, const PropertyWrite& write) const {
  if (!write.expected) return true;
  const auto found = row(table, write.key);
  return *write.expected == (found ? found->version : 0);
}

void SqlitePropertyStore::put(std::string_view table, const PropertyWrite& write,
                              Version version) const {
  if (!write.value) {
    database_
        .prepare("UPDATE properties SET value = NULL, version = ? "
                 "WHERE table_name = ? AND key = ? AND value IS NOT NULL")
        .bind(to_sql(version))
        .bind(table)
        .bind(write.key)
        .run();
    return;
  }
  database_
      .prepare("INSERT INTO properties (table_name, key, value, version) VALUES (?, ?, ?, ?) "
               "ON CONFLICT (table_name, key) "
               "DO UPDATE SET value = excluded.value, version = excluded.version")
      .bind(table)
      .bind(write.key)
      .bind(*write.value)
      .bind(to_sql(version))
      .run();
}

} // namespace assay::stores
