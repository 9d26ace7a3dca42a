#include "stores/memory/memory_usage_store.h"

namespace assay::stores {

void MemoryUsageStore::add(std::span<const observe::UsageRow> rows) {
  const std::lock_guard lock(mutex_);
  for (const observe::UsageRow& row : rows)
    rows_[row.key] += row.counts;
}

std::vector<observe::UsageRow>
MemoryUsageStore::between(std::chrono::sys_time<std::chrono::minutes> from,
                          std::chrono::sys_time<std::chrono::minutes> to) {
  const std::lock_guard lock(mutex_);
  std::vector<observe::UsageRow> found;
  const auto end = rows_.lower_bound({.minute = to, .service = {}, .client = {}, .grant = {}});
  for (auto at = rows_.lower_bound({.minute = from, .service = {}, .client = {}, .grant = {}});
       at != end; ++at)
    found.push_back({at->first, at->second});
  return found;
}

} // namespace assay::stores
