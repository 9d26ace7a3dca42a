// The property store as one JSON file that people may edit while the server runs.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "registry/property_store.h"
#include "stores/file/durable_file.h"
#include "stores/file/property_document.h"
#include "stores/memory/versioned_table.h"

namespace assay::stores {

// Each call sees what other processes, or people, made of the file. Versions are counted in memory:
// what differs from the last reading gets a new one.
class FilePropertyStore final : public registry::PropertyStore {
public:
  // A file that is not there yet is an empty store, and made by the first write. Reads the file:
  // throws Unavailable if it is not good, and so does each call as long as it is not. A file that
  // was there and vanished is not good either: somebody who moves it about does not mean to erase
  // all applications.
  explicit FilePropertyStore(const std::filesystem::path& path);

  std::optional<registry::Property> find(std::string_view table, std::string_view key) override;
  std::vector<registry::PropertyChange> changes_since(std::string_view table,
                                                      registry::Version version) override;
  std::vector<std::string> tables() override;
  bool apply(std::string_view table, std::span<const registry::PropertyWrite> writes) override;

private:
  // All with the lock held.
  void read_if_changed();
  void read();
  void become(const PropertyTables& tables);
  PropertyTables texts() const;
  const VersionedTable& table_named(std::string_view name);

  std::filesystem::path path_;
  std::mutex mutex_;
  std::map<std::string, VersionedTable, std::less<>> tables_;
  std::optional<FileStamp> stamp_; // of the last reading; none as long as there was no file
  std::chrono::steady_clock::time_point stamp_first_seen_;
  std::chrono::steady_clock::time_point read_at_;
};

} // namespace assay::stores
