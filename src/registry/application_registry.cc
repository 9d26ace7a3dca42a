#include "registry/application_registry.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace assay::registry {

namespace {

constexpr std::size_t kShardBits = 6;
constexpr std::size_t kShards = 1U << kShardBits;
constexpr std::size_t kCacheLine = 64;

// Of a view, so that a look-up allocates nothing.
struct IdHash {
  using is_transparent = void; // NOLINT(readability-identifier-naming): the library asks for it.
  std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
};

using Entry = std::shared_ptr<const Application>;
using Entries = std::unordered_map<std::string, Entry, IdHash, std::equal_to<>>;

} // namespace

// What a change makes of a row; null: nothing.
struct ApplicationRegistry::Replacement {
  std::string client_id;
  std::shared_ptr<const Application> application;
};

// A map that is never changed, only replaced. The lock is held for the copy of one pointer:
// std::atomic<std::shared_ptr> would say it better, but libstdc++ 12 unlocks its load() relaxed,
// which is a data race with store().
class alignas(kCacheLine) ApplicationRegistry::Shard {
public:
  std::shared_ptr<const Entries> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

  // From one thread at a time. True if that changed anything.
  bool replace(std::vector<Replacement> replacements) {
    auto next = std::make_shared<Entries>(*entries());
    bool changed = false;
    for (Replacement& row : replacements) {
      if (row.application)
        next->insert_or_assign(std::move(row.client_id), std::move(row.application));
      else if (next->erase(row.client_id) == 0)
        continue;
      changed = true;
    }
    std::shared_ptr<const Entries> last = std::move(next);
    const std::lock_guard lock(mutex_);
    entries_.swap(last);
    return changed;
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Entries> entries_ = std::make_shared<const Entries>();
};

ApplicationRegistry::ApplicationRegistry(PropertyStore& store, std::string table,
                                         BadRecordReport report)
    : store_(store), table_(std::move(table)), report_(std::move(report)),
      shards_(std::make_unique<Shard[]>(kShards)) {
  refresh();
}

ApplicationRegistry::~ApplicationRegistry() = default;

std::shared_ptr<const Application> ApplicationRegistry::find(std::string_view client_id) const {
  auto entries = shard_of(client_id).entries();
  const auto found = entries->find(client_id);
  if (found == entries->end()) return nullptr;
  // Shares the shard's count: one atomic step less than taking a count of its own.
  const Application* application = found->second.get();
  return {std::move(entries), application};
}

bool ApplicationRegistry::refresh() {
  const std::lock_guard lock(refreshing_);
  const auto records = store_.changes_since(table_, version_);
  const auto sources = store_.changes_since(key_source_table(table_), source_version_);

  // Nothing below throws but for want of memory; then the same changes come once more.
  std::unordered_map<Shard*, std::vector<Replacement>> by_shard;
  for (Replacement& replacement : take_over(records, sources))
    by_shard[&shard_of(replacement.client_id)].push_back(std::move(replacement));
  bool changed = false;
  for (auto& [shard, replacements] : by_shard)
    changed = shard->replace(std::move(replacements)) || changed;
  if (!records.empty()) version_ = records.back().version;
  if (!sources.empty()) source_version_ = sources.back().version;
  return changed;
}

std::size_t ApplicationRegistry::size() const {
  std::size_t applications = 0;
  for (std::size_t index = 0; index < kShards; ++index)
    applications += shards_[index].entries()->size();
  return applications;
}

ApplicationRegistry::Shard& ApplicationRegistry::shard_of(std::string_view client_id) const {
  // The top bits: the map takes the rest.
  return shards_[IdHash{}(client_id) >> (8 * sizeof(std::size_t) - kShardBits)];
}

std::vector<ApplicationRegistry::Replacement>
ApplicationRegistry::take_over(const std::vector<PropertyChange>& records,
                               const std::vector<PropertyChange>& sources) {
  std::set<std::string> sourced; // what is to be merged
  for (const PropertyChange& row : sources) {
    sourced_.put_source(row.key, source_in(row));
    sourced.insert(row.key);
  }
  std::vector<Replacement> replacements;
  for (const PropertyChange& row : records) {
    auto record = record_in(row);
    const bool has_source = record && !record->jwks_uri.empty();
    sourced_.put_record(row.key, has_source ? record : nullptr);
    if (has_source)
      sourced.insert(row.key);
    else
      replacements.push_back({row.key, std::move(record)});
  }
  for (const std::string& client_id : sourced)
    if (auto merged = sourced_.merged(client_id))
      replacements.push_back({client_id, std::move(merged)});
  return replacements;
}

std::shared_ptr<const Application> ApplicationRegistry::record_in(const PropertyChange& row) const {
  if (!row.value) return nullptr;
  auto application = load_application(row.key, *row.value);
  if (application) return std::make_shared<const Application>(std::move(*application));
  report_(row.key, to_text(application.error()));
  return nullptr;
}

// A row that cannot be read is one that was never written: its keys are fetched again.
std::shared_ptr<const KeySource> ApplicationRegistry::source_in(const PropertyChange& row) {
  auto source = row.value ? load_key_source(*row.value) : std::unexpected(FieldFaults());
  return source ? std::make_shared<const KeySource>(std::move(*source)) : nullptr;
}

} // namespace assay::registry
