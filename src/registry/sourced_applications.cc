#include "registry/sourced_applications.h"

#include <utility>

namespace assay::registry {

template <class Put> void SourcedApplications::change(const std::string& client_id, Put put) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[client_id];
  put(entry);
  entry.fits = entry.record && entry.source && entry.source->origin == KeyOrigin::of(*entry.record);
  if (!entry.record && !entry.source) entries_.erase(client_id);
}

void SourcedApplications::put_record(const std::string& client_id,
                                     std::shared_ptr<const Application> record) {
  change(client_id, [&](Entry& entry) { entry.record = std::move(record); });
}

void SourcedApplications::put_source(const std::string& client_id,
                                     std::shared_ptr<const KeySource> source) {
  change(client_id, [&](Entry& entry) { entry.source = std::move(source); });
}

SourcedApplication SourcedApplications::find(const std::string& client_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(client_id);
  if (found == entries_.end() || !found->second.record) return {};
  const Entry& entry = found->second;
  return {entry.record, entry.fits ? entry.source : nullptr};
}

std::shared_ptr<const Application> SourcedApplications::merged(const std::string& client_id) const {
  const SourcedApplication found = find(client_id);
  if (!found.record || !found.source) return found.record;
  return std::make_shared<const Application>(with_keys_of(*found.source, *found.record));
}

std::vector<std::string> SourcedApplications::due(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [client_id, entry] : entries_)
    if (is_due(entry, now)) ids.push_back(client_id);
  return ids;
}

// A source outlives its record as long as its keys are good: the record may come back.
bool SourcedApplications::is_due(const Entry& entry, TimePoint now) {
  if (!entry.record) return entry.source->keep_until <= now;
  if (!entry.record->enabled) return false;
  return !entry.fits || entry.source->next_try <= now;
}

} // namespace assay::registry
