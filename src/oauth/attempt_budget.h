// How often each client may be wrong: a budget that fills up again as time passes.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "registry/recent_map.h"

namespace assay::oauth {

// Thread-safe. Bounded: of many clients, the one that tried longest ago begins anew.
class AttemptBudget {
public:
  // At least one attempt.
  explicit AttemptBudget(std::size_t attempts_a_minute);

  // False, and nothing is taken, if there is none left at `now`.
  bool take(const std::string& client_id, TimePoint now);

  // It was no wrong attempt after all.
  void give_back(const std::string& client_id);

private:
  std::chrono::microseconds price_; // for how long an attempt is missing from the budget
  std::mutex mutex_;
  // Until when it takes each client's budget to be full again.
  registry::RecentMap<std::string, TimePoint, std::hash<std::string>> full_at_;
};

} // namespace assay::oauth
