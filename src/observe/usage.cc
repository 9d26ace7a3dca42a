#include "observe/usage.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace assay::observe {

namespace {

constexpr std::size_t kShards = 16;

// A UsageKey whose texts are somebody else's: looking up copies nothing.
struct KeyView {
  std::chrono::sys_time<std::chrono::minutes> minute;
  std::string_view service;
  std::string_view client;
  std::string_view grant;

  bool operator==(const KeyView&) const = default;
};

KeyView view(const UsageKey& key) { return {key.minute, key.service, key.client, key.grant}; }

KeyView view(const KeyView& key) { return key; }

UsageKey owned(const KeyView& key) {
  return {key.minute, std::string(key.service), std::string(key.client), std::string(key.grant)};
}

struct KeyHash {
  using is_transparent = void; // NOLINT(readability-identifier-naming): the library asks for it.

  std::size_t operator()(const auto& key) const {
    const KeyView viewed = view(key);
    auto hash = static_cast<std::size_t>(viewed.minute.time_since_epoch().count());
    for (const std::string_view text : {viewed.service, viewed.client, viewed.grant}) {
      hash = hash * 1'000'003 + std::hash<std::string_view>{}(text);
    }
    return hash;
  }
};

struct KeyEqual {
  using is_transparent = void; // NOLINT(readability-identifier-naming): the library asks for it.

  bool operator()(const auto& left, const auto& right) const { return view(left) == view(right); }
};

UsageCounts counts_of(const UsageEvent& event) {
  UsageCounts counts{.total_time = event.duration, .longest_time = event.duration};
  switch (event.outcome) {
  case Outcome::granted: counts.successes = 1; break;
  case Outcome::refused: counts.failures = 1; break;
  case Outcome::error: counts.exceptions = 1; break;
  }
  return counts;
}

} // namespace

std::string_view name(Outcome outcome) {
  switch (outcome) {
  case Outcome::granted: return "granted";
  case Outcome::refused: return "refused";
  case Outcome::error: return "error";
  }
  ASSAY_ASSERT(false, "an Outcome");
}

// On a cache line of its own, so that two cores with two shards do not disturb each other.
class alignas(64) Usage::Shard {
public:
  using Counts = std::unordered_map<UsageKey, UsageCounts, KeyHash, KeyEqual>;

  // False if this is a new key and there is no room for one.
  bool add(const KeyView& key, const UsageCounts& counts) {
    const std::lock_guard lock(mutex_);
    return add_locked(key, counts);
  }

  Counts take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(counts_, {});
  }

  // What was taken has the first right to the room. Gives how many messages found none.
  std::uint64_t give_back(Counts taken) {
    const std::lock_guard lock(mutex_);
    counts_.swap(taken);
    std::uint64_t dropped = 0;
    for (const auto& [key, counts] : taken) {
      if (!add_locked(view(key), counts)) dropped += counts.messages();
    }
    return dropped;
  }

private:
  bool add_locked(const KeyView& key, const UsageCounts& counts) {
    const auto found = counts_.find(key);
    if (found != counts_.end()) {
      found->second += counts;
      return true;
    }
    if (counts_.size() >= kKeysMax / kShards) return false;
    counts_.emplace(owned(key), counts);
    return true;
  }

  std::mutex mutex_;
  Counts counts_;
};

Usage::Usage(UsageStore& store) : store_(store), shards_(std::make_unique<Shard[]>(kShards)) {}

Usage::~Usage() = default;

void Usage::record(const UsageEvent& event, TimePoint now) {
  const KeyView key{std::chrono::floor<std::chrono::minutes>(now), event.service, event.client,
                    event.grant};
  Shard& shard = shards_[KeyHash{}(key) % kShards];
  if (!shard.add(key, counts_of(event))) dropped_.fetch_add(1, std::memory_order_relaxed);
}

void Usage::flush() {
  std::vector<Shard::Counts> taken;
  std::vector<UsageRow> rows;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    taken.push_back(shards_[shard].take());
    for (const auto& [key, counts] : taken.back())
      rows.push_back({key, counts});
  }
  if (rows.empty()) return;

  // Nodes that share a store then lock its rows in one order.
  std::ranges::sort(rows, {}, &UsageRow::key);
  try {
    store_.add(rows);
  } catch (...) {
    for (std::size_t shard = 0; shard < kShards; ++shard) {
      const std::uint64_t dropped = shards_[shard].give_back(std::move(taken[shard]));
      dropped_.fetch_add(dropped, std::memory_order_relaxed);
    }
    throw;
  }
}

std::uint64_t Usage::dropped() const { return dropped_.load(std::memory_order_relaxed); }

} // namespace assay::observe
