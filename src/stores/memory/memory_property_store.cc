#include "stores/memory/memory_property_store.h"

namespace assay::stores {

std::optional<registry::Property> MemoryPropertyStore::find(std::string_view table,
                                                            std::string_view key) {
  const std::lock_guard lock(mutex_);
  return table_named(table).find(key);
}

std::vector<registry::PropertyChange>
MemoryPropertyStore::changes_since(std::string_view table, registry::Version version) {
  const std::lock_guard lock(mutex_);
  return table_named(table).changes_since(version);
}

std::vector<std::string> MemoryPropertyStore::tables() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, table] : tables_)
    if (!table.texts().empty()) names.push_back(name);
  return names;
}

bool MemoryPropertyStore::apply(std::string_view table,
                                std::span<const registry::PropertyWrite> writes) {
  const std::lock_guard lock(mutex_);
  VersionedTable& rows = table_named(table);
  if (!rows.fits(writes)) return false;
  rows.apply(writes);
  return true;
}

VersionedTable& MemoryPropertyStore::table_named(std::string_view name) {
  const auto found = tables_.find(name);
  return found != tables_.end() ? found->second : tables_[std::string(name)];
}

} // namespace assay::stores
