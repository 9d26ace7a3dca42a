// A bounded map: the entry that was used longest ago makes room for a new one. Not thread-safe.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace assay::registry {

template <class Key, class Value, class Hash> class RecentMap {
public:
  // At least one entry.
  explicit RecentMap(std::size_t entries_max) : entries_max_(entries_max) {}

  // Null if it is not there; valid until the next put(). Counts as a use.
  const Value* find(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  void put(const Key& key, Value value) {
    if (find(key)) {
      entries_.front().second = std::move(value);
      return;
    }
    if (entries_.size() == entries_max_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, std::move(value));
    places_.emplace(key, entries_.begin());
  }

  std::size_t size() const { return entries_.size(); }

private:
  using Entries = std::list<std::pair<Key, Value>>;

  std::size_t entries_max_;
  Entries entries_; // the most recently used first
  std::unordered_map<Key, typename Entries::iterator, Hash> places_;
};

} // namespace assay::registry
