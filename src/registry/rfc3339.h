// Reads the times that people write into records (RFC 3339 section 5.6); base/clock writes them.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace assay::registry {

// None unless the text is a date-time with seconds and an offset (`Z` or `+hh:mm`) in the years 0
// to 9999 UTC. Fractions are cut to milliseconds, the form that rfc3339() writes. A leap second
// (`:60`) is refused: the clock does not know it.
std::optional<TimePoint> parse_rfc3339(std::string_view text);

} // namespace assay::registry
