#include "stores/claim_span.h"

#include <chrono>

namespace assay::stores {

namespace {

std::chrono::seconds width_of(std::uint32_t lifetime_class) {
  return std::chrono::seconds(1LL << lifetime_class);
}

} // namespace

ClaimSpan ClaimSpan::of(const oauth::ReplayClaim& claim, TimePoint now) {
  constexpr std::uint32_t kSmallest = 9;
  constexpr std::uint32_t kStep = 3;
  constexpr std::uint32_t kBiggest = 42; // longer than TimePoint counts
  std::uint32_t lifetime_class = kSmallest;
  while (lifetime_class < kBiggest && width_of(lifetime_class) < claim.acceptable_until - now)
    lifetime_class += kStep;
  return {lifetime_class, unix_seconds(claim.acceptable_until) / width_of(lifetime_class).count()};
}

TimePoint ClaimSpan::over_at() const { return TimePoint((index + 1) * width_of(lifetime_class)); }

} // namespace assay::stores
