#include "base/clock.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay {

TimePoint system_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string rfc3339(TimePoint time) {
  using namespace std::chrono;
  // A claim can name any time at all; the format ends with the year 9999.
  constexpr TimePoint kFirst = sys_days{year{0} / 1 / 1};
  constexpr TimePoint kLast = sys_days{year{10000} / 1 / 1} - milliseconds{1};
  const auto shown = floor<milliseconds>(std::clamp(time, kFirst, kLast));
  const auto day = floor<days>(shown);
  const year_month_day date{day};
  const hh_mm_ss clock{shown - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::int64_t unix_seconds(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

} // namespace assay
