#include "oauth/attempt_budget.h"

#include <algorithm>

namespace assay::oauth {

namespace {

constexpr std::size_t kClientsMax = 10'000;
constexpr std::chrono::microseconds kMinute = std::chrono::minutes(1);

} // namespace

AttemptBudget::AttemptBudget(std::size_t attempts_a_minute)
    : price_(kMinute / static_cast<std::int64_t>(attempts_a_minute)), full_at_(kClientsMax) {}

bool AttemptBudget::take(const std::string& client_id, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const TimePoint* known = full_at_.find(client_id);
  const TimePoint full_at = (known ? std::max(*known, now) : now) + price_;
  if (full_at > now + kMinute) return false;
  full_at_.put(client_id, full_at);
  return true;
}

void AttemptBudget::give_back(const std::string& client_id) {
  const std::lock_guard lock(mutex_);
  if (const TimePoint* full_at = full_at_.find(client_id))
    full_at_.put(client_id, *full_at - price_);
}

} // namespace assay::oauth
