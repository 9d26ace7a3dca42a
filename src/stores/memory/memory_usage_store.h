// The usage store in memory: gone with the process.
#pragma once

#include <map>
#include <mutex>

#include "observe/usage_store.h"

namespace assay::stores {

class MemoryUsageStore final : public observe::UsageStore {
public:
  void add(std::span<const observe::UsageRow> rows) override;
  std::vector<observe::UsageRow> between(std::chrono::sys_time<std::chrono::minutes> from,
                                         std::chrono::sys_time<std::chrono::minutes> to) override;

private:
  std::mutex mutex_;
  std::map<observe::UsageKey, observe::UsageCounts> rows_;
};

} // namespace assay::stores
