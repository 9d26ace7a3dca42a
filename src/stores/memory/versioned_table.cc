#include "stores/memory/versioned_table.h"

#include <algorithm>
#include <utility>

namespace assay::stores {

using registry::Property;
using registry::PropertyChange;
using registry::PropertyWrite;
using registry::Version;

std::optional<Property> VersionedTable::find(std::string_view key) const {
  const auto row = rows_.find(key);
  if (row == rows_.end() || !row->second.value) return std::nullopt;
  return Property{row->first, *row->second.value, row->second.version};
}

std::vector<PropertyChange> VersionedTable::changes_since(Version version) const {
  std::vector<PropertyChange> changes;
  for (auto at = keys_by_version_.upper_bound(version); at != keys_by_version_.end(); ++at) {
    const auto& [key, row] = *rows_.find(at->second);
    if (row.value || version > 0) changes.push_back({key, row.value, row.version});
  }
  return changes;
}

bool VersionedTable::fits(std::span<const PropertyWrite> writes) const {
  return std::ranges::all_of(writes, [this](const PropertyWrite& write) {
    if (!write.expected) return true;
    const auto row = find(write.key);
    return *write.expected == (row ? row->version : 0);
  });
}

void VersionedTable::apply(std::span<const PropertyWrite> writes) {
  for (const PropertyWrite& write : writes) {
    if (write.value || find(write.key)) put(write.key, write.value);
  }
}

void VersionedTable::become(const Texts& texts) {
  std::vector<std::string> erased;
  for (const auto& [key, row] : rows_) {
    if (row.value && !texts.contains(key)) erased.push_back(key);
  }
  for (const std::string& key : erased)
    put(key, std::nullopt);
  for (const auto& [key, text] : texts) {
    const auto row = rows_.find(key);
    if (row == rows_.end() || row->second.value != text) put(key, text);
  }
}

VersionedTable::Texts VersionedTable::texts() const {
  Texts texts;
  for (const auto& [key, row] : rows_) {
    if (row.value) texts.emplace(key, *row.value);
  }
  return texts;
}

void VersionedTable::put(std::string_view key, std::optional<std::string> value) {
  auto row = rows_.find(key);
  if (row == rows_.end())
    row = rows_.emplace(std::string(key), Row{}).first;
  else
    keys_by_version_.erase(row->second.version);
  row->second = {std::move(value), ++latest_};
  keys_by_version_.emplace(latest_, row->first);
}

} // namespace assay::stores
