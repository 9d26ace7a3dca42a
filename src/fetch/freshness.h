// For how long an answer may be used without asking again (RFC 9111 section 4.2).
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "fetch/http_client.h"

namespace assay::fetch {

// Cache-Control before Expires, each less the age that the answer had when it came. Zero for what
// is not to be kept at all, or was over already; none if the answer does not say.
std::optional<std::chrono::seconds> freshness(const FetchAnswer& answer, TimePoint now);

} // namespace assay::fetch
