// Counts what the token services do, and hands the counts to the usage store now and then.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "observe/usage_store.h"

namespace assay::observe {

enum class Outcome { granted, refused, error };

// The spelling in logs: granted, refused, error.
std::string_view name(Outcome outcome);

struct UsageEvent {
  std::string service;
  std::string client;
  std::string grant;
  Outcome outcome;
  std::chrono::microseconds duration;
};

// record() costs a look-up under a sharded lock and does no I/O; at most kKeysMax combinations are
// held between two flushes, messages beyond are counted in dropped() alone. Thread-safe, but for
// flush(): from one thread at a time.
class Usage {
public:
  static constexpr std::size_t kKeysMax = 100'000;

  explicit Usage(UsageStore& store);
  ~Usage();
  Usage(const Usage&) = delete;
  Usage& operator=(const Usage&) = delete;

  void record(const UsageEvent& event, TimePoint now);

  // Writes what has been counted, in the order of the keys. When the store throws, the counts are
  // kept for the next time, and it is thrown on.
  void flush();

  // Messages that no row will ever have.
  std::uint64_t dropped() const;

private:
  class Shard;
  UsageStore& store_;
  std::unique_ptr<Shard[]> shards_;
  std::atomic<std::uint64_t> dropped_{0};
};

} // namespace assay::observe
