// Time as the whole program knows it. `now` is an argument: only main and the tests own a clock.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace assay {

// UTC, in microseconds since 1970-01-01. NumericDate claims (RFC 7519 section 2) are turned into
// it at the edge, rounded up: for a clock of whole microseconds that changes no comparison.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

// Where "now" comes from. Callable from any thread.
using Clock = std::function<TimePoint()>;

// The machine's clock; the one place that reads it.
TimePoint system_now();

// RFC 3339 in UTC with milliseconds: 2026-01-31T09:30:00.250Z
std::string rfc3339(TimePoint time);

// Whole seconds since 1970, rounded down: the form that RFC 7519 and RFC 7662 put on the wire.
std::int64_t unix_seconds(TimePoint time);

} // namespace assay
