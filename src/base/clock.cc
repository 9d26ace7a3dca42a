#include "base/clock.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay {

namespace chrono = std::chrono;

TimePoint system_now() {
  return chrono::time_point_cast<chrono::microseconds>(chrono::system_clock::now());
}

std::string rfc3339(TimePoint time) {
  // A claim can name any time at all; the format ends with the year 9999.
  constexpr TimePoint kFirst = chrono::sys_days{chrono::year{0} / 1 / 1};
  constexpr TimePoint kLast =
      chrono::sys_days{chrono::year{10000} / 1 / 1} - chrono::milliseconds{1};
  const auto shown = chrono::floor<chrono::milliseconds>(std::clamp(time, kFirst, kLast));
  const auto day = chrono::floor<chrono::days>(shown);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss clock{shown - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::int64_t unix_seconds(TimePoint time) {
  return chrono::floor<chrono::seconds>(time.time_since_epoch()).count();
}

} // namespace assay
