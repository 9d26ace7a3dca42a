// The usage store as an SQLite file.
#pragma once

#include <filesystem>
#include <mutex>

#include "observe/usage_store.h"
#include "stores/sqlite/sqlite_database.h"

namespace assay::stores {

class SqliteUsageStore final : public observe::UsageStore {
public:
  // Makes the file, and the table in it, if they are not there.
  explicit SqliteUsageStore(const std::filesystem::path& file);

  void add(std::span<const observe::UsageRow> rows) override;
  std::vector<observe::UsageRow> between(std::chrono::sys_time<std::chrono::minutes> from,
                                         std::chrono::sys_time<std::chrono::minutes> to) override;

private:
  std::mutex mutex_;
  SqliteDatabase database_;
};

} // namespace assay::stores
