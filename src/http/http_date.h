// The Date field (RFC 9110 section 6.6.1).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace assay::http {

// Sun, 06 Nov 1994 08:49:37 GMT (section 5.6.7).
std::string http_date(TimePoint time);

// Written anew once a second, whatever the number of answers. For one thread.
class DateField {
public:
  std::string_view at(TimePoint time);

private:
  std::chrono::sys_seconds second_{};
  std::string text_;
};

} // namespace assay::http
