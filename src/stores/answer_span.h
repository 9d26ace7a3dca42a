// The span of time in which sealed answers end that are forgotten together.
#pragma once

#include <chrono>
#include <compare>

#include "base/clock.h"

namespace assay::stores {

// As narrow as the usual time between two purges: an answer must not stay much longer than it can
// be repeated. So a repetition, which is seldom, looks into a span for each minute of the grace.
struct AnswerSpan {
  std::chrono::sys_time<std::chrono::minutes> minute;

  static AnswerSpan of(TimePoint repeatable_until) {
    return {std::chrono::floor<std::chrono::minutes>(repeatable_until)};
  }

  // From then on none of its answers is repeated.
  TimePoint over_at() const { return minute + std::chrono::minutes(1); }

  auto operator<=>(const AnswerSpan&) const = default;
};

} // namespace assay::stores
