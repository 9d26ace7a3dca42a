// The property store in memory: for tests and trials, gone with the process.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "registry/property_store.h"
#include "stores/memory/versioned_table.h"

namespace assay::stores {

class MemoryPropertyStore final : public registry::PropertyStore {
public:
  std::optional<registry::Property> find(std::string_view table, std::string_view key) override;
  std::vector<registry::PropertyChange> changes_since(std::string_view table,
                                                      registry::Version version) override;
  std::vector<std::string> tables() override;
  bool apply(std::string_view table, std::span<const registry::PropertyWrite> writes) override;

private:
  VersionedTable& table_named(std::string_view name); // with the lock held

  std::mutex mutex_;
  std::map<std::string, VersionedTable, std::less<>> tables_;
};

} // namespace assay::stores
