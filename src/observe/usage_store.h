// The port to where usage is kept: counts by minute, service, client and grant.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"

namespace assay::observe {

struct UsageKey {
  std::chrono::sys_time<std::chrono::minutes> minute;
  std::string service; // the service's name
  std::string client;  // what the client attribute gave; empty for the service as such
  std::string grant;   // the grant type as asked for, or empty

  auto operator<=>(const UsageKey&) const = default;
};

// Failures were refused, exceptions broke: messages are the sum of all three.
struct UsageCounts {
  std::uint64_t successes = 0;
  std::uint64_t failures = 0;
  std::uint64_t exceptions = 0;
  std::chrono::microseconds total_time{0};
  std::chrono::microseconds longest_time{0};

  std::uint64_t messages() const { return successes + failures + exceptions; }
  UsageCounts& operator+=(const UsageCounts& other);
};

struct UsageRow {
  UsageKey key;
  UsageCounts counts;
};

// Calls block; from one thread at a time, never one that runs an io_context. All throw Unavailable.
class UsageStore {
public:
  virtual ~UsageStore() = default;

  // Adds the counts to what is kept under the same keys; all rows or none, durably.
  virtual void add(std::span<const UsageRow> rows) = 0;

  // Rows of minutes in [from, to), ordered by key.
  virtual std::vector<UsageRow> between(std::chrono::sys_time<std::chrono::minutes> from,
                                        std::chrono::sys_time<std::chrono::minutes> to) = 0;
};

} // namespace assay::observe
