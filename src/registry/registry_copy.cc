#include "registry/registry_copy.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace assay::registry {

namespace {

constexpr std::size_t kWritesMax = 500; // at once

using Rows = std::map<std::string, std::string, std::less<>>;

Rows rows_of(PropertyStore& store, const std::string& table) {
  Rows rows;
  for (PropertyChange& change : store.changes_since(table, 0))
    if (change.value) rows.emplace(std::move(change.key), *std::move(change.value));
  return rows;
}

bool has(const Rows& rows, const std::string& key, const std::string& value) {
  const auto found = rows.find(key);
  return found != rows.end() && found->second == value;
}

// What makes `target` the same as `source`.
std::vector<PropertyWrite> changes_between(const Rows& source, const Rows& target) {
  std::vector<PropertyWrite> writes;
  for (const auto& [key, value] : source)
    if (!has(target, key, value)) writes.push_back({key, value, std::nullopt});
  for (const auto& [key, value] : target)
    if (!source.contains(key)) writes.push_back({key, std::nullopt, std::nullopt});
  return writes;
}

void write(PropertyStore& store, const std::string& table, std::span<const PropertyWrite> writes) {
  for (; !writes.empty(); writes = writes.subspan(std::min(writes.size(), kWritesMax)))
    store.apply(table, writes.first(std::min(writes.size(), kWritesMax)));
}

// `copied` is what the source was when it was copied: what it is otherwise now, it became
// meanwhile.
void compare(const Rows& copied, const Rows& source, const Rows& target, CopyTally& tally) {
  for (const auto& [key, value] : source) {
    if (has(target, key, value))
      ++tally.verified;
    else
      ++(has(copied, key, value) ? tally.different : tally.newer);
  }
  for (const auto& [key, value] : target)
    if (!source.contains(key)) ++(copied.contains(key) ? tally.newer : tally.different);
}

void copy_table(PropertyStore& from, PropertyStore& to, const std::string& table,
                CopyTally& tally) {
  const Rows source = rows_of(from, table);
  const auto writes = changes_between(source, rows_of(to, table));
  write(to, table, writes);
  for (const PropertyWrite& each : writes)
    ++(each.value ? tally.copied : tally.removed);
  const Rows target = rows_of(to, table);
  compare(source, rows_of(from, table), target, tally);
}

std::set<std::string> tables_of(PropertyStore& store) {
  std::set<std::string> tables;
  for (std::string& table : store.tables())
    if (table != kCopyTable) tables.insert(std::move(table));
  return tables;
}

} // namespace

bool is_empty(PropertyStore& store) { return tables_of(store).empty(); }

CopyTally copy_registry(PropertyStore& from, PropertyStore& to, const CopyProgress& progress) {
  std::set<std::string> tables = tables_of(from);
  tables.merge(tables_of(to));
  CopyTally tally;
  std::uint64_t done = 0;
  for (const std::string& table : tables) {
    if (!progress("copying and comparing", done++, tables.size())) {
      tally.stopped = true;
      return tally;
    }
    copy_table(from, to, table, tally);
  }
  progress("copying and comparing", done, tables.size());
  return tally;
}

} // namespace assay::registry
