// Times in SQLite columns: INTEGER, microseconds since 1970.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace assay::stores {

inline std::int64_t to_sql(TimePoint time) { return time.time_since_epoch().count(); }

inline TimePoint time_from(std::int64_t number) {
  return TimePoint(std::chrono::microseconds(number));
}

} // namespace assay::stores
