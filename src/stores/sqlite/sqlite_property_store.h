// The property store as an SQLite file, which the server and the command line open at the same
// time.
#pragma once

#include <filesystem>
#include <mutex>
#include <vector>

#include "registry/property_store.h"
#include "stores/sqlite/sqlite_database.h"

namespace assay::stores {

// Erased rows stay as rows without a value, so that changes_since() can tell of them. What a table
// never forgets also makes its highest version the counter of its versions.
class SqlitePropertyStore final : public registry::PropertyStore {
public:
  static SqliteSchema schema();

  // Makes the file, and the tables in it, if they are not there.
  explicit SqlitePropertyStore(const std::filesystem::path& file);

  std::optional<registry::Property> find(std::string_view table, std::string_view key) override;

  // One step in an index when nothing changed.
  std::vector<registry::PropertyChange> changes_since(std::string_view table,
                                                      registry::Version version) override;

  std::vector<std::string> tables() override;
  bool apply(std::string_view table, std::span<const registry::PropertyWrite> writes) override;

private:
  // All with the lock held.
  std::optional<registry::Property> row(std::string_view table, std::string_view key) const;
  registry::Version latest_version(std::string_view table) const;
  bool fits(std::string_view table, const registry::PropertyWrite& write) const;
  void put(std::string_view table, const registry::PropertyWrite& write,
           registry::Version version) const;

  std::mutex mutex_;
  SqliteDatabase database_;
};

} // namespace assay::stores
