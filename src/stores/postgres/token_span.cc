#include "stores/postgres/token_span.h"

#include <algorithm>
#include <chrono>

namespace assay::stores {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr unsigned kTimeBits = 56; // until the year 4253
constexpr std::int64_t kTimes = std::int64_t{1} << kTimeBits;
constexpr std::uint32_t kSmallestGroup = 9;

std::int64_t group_of(TokenPosition position) { return position >> kTimeBits; }

seconds longest_life(std::int64_t group) { return seconds(std::int64_t{1} << group); }

std::int64_t width_of(std::int64_t group) { return microseconds(longest_life(group) / 2).count(); }

// None if the bucket is over before `expires_at`, or beyond all that is counted.
TokenPosition position_in(const oauth::TokenLocator& locator, TimePoint now, TimePoint expires_at) {
  const TimePoint over_at = locator.over_at(now);
  const std::int64_t time = over_at.time_since_epoch().count();
  if (over_at < expires_at || time < 0 || time >= kTimes - oauth::TokenLocator::kMoments)
    return kAnywhere;
  const std::int64_t group = std::max(locator.lifetime_class(), kSmallestGroup);
  return group * kTimes + time + locator.moment();
}

} // namespace

TokenPosition position_of(const oauth::TokenRecord& record) {
  if (!record.key.locator) return kAnywhere;
  return position_in(*record.key.locator, record.issued_at, record.expires_at);
}

TokenPosition position_of(const oauth::TokenKey& key, TimePoint now) {
  return key.locator ? position_in(*key.locator, now, TimePoint::min()) : kAnywhere;
}

std::optional<oauth::TokenLocator> locator_at(TokenPosition position) {
  constexpr std::int64_t kSecond = microseconds(seconds(1)).count();
  const std::int64_t group = group_of(position);
  const std::int64_t time = position % kTimes;
  if (position == kAnywhere || group <= kSmallestGroup) return std::nullopt;
  return oauth::TokenLocator::ending_at(static_cast<std::uint32_t>(group),
                                        TimePoint(seconds(time / kSecond)), time % kSecond);
}

// A bucket's end is a whole second, and what is in it lies within the second that begins then: the
// span that begins at that second has it, and is over at least as late.
TokenSpan TokenSpan::of(TokenPosition position) {
  const std::int64_t group = group_of(position);
  const std::int64_t width = width_of(group);
  const std::int64_t time = position % kTimes / width * width;
  const TokenPosition low = group * kTimes + time;
  return {.low = low, .high = low + width, .over_at = TimePoint(microseconds(time + width))};
}

// Until one more than the longest life from now: so there is one ahead at any time.
TokenSpan TokenSpan::last_needed(TimePoint now) const {
  const std::int64_t group = group_of(low);
  const std::int64_t latest =
      (now + longest_life(group)).time_since_epoch().count() + width_of(group);
  return of(group * kTimes + std::clamp(latest, std::int64_t{0}, kTimes - 1));
}

} // namespace assay::stores
