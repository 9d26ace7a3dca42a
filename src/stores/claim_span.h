// The span of time in which used assertions end that are forgotten together.
#pragma once

#include <compare>
#include <cstdint>

#include "base/clock.h"
#include "oauth/token_store.h"

namespace assay::stores {

// A claim is taken or not whatever its end, so that a look-up goes through the claims of all live
// spans. To keep them few they are wide: a claim's class is its remaining life rounded up to 2^9,
// 2^12, 2^15 ... seconds, and its span is as wide as that. So at most two of a class are live; with
// assertions of some minutes, as is usual, one or two in all.
struct ClaimSpan {
  std::uint32_t lifetime_class; // the power of two
  std::int64_t index;           // counted from 1970

  static ClaimSpan of(const oauth::ReplayClaim& claim, TimePoint now);

  // From then on all claims of the span have ended.
  TimePoint over_at() const;

  auto operator<=>(const ClaimSpan&) const = default;
};

} // namespace assay::stores
