// How keys by URL are kept up to date.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace assay::registry {

struct KeySourceSettings {
  std::chrono::seconds keep_for = std::chrono::hours(24); // the last good keys, from their fetch on
  // What cache headers ask for is brought within these; without any, the default counts.
  std::chrono::seconds refresh_least{60};
  std::chrono::seconds refresh_most = std::chrono::hours(24);
  std::chrono::seconds refresh_default = std::chrono::hours(1);
  // Between two fetches of one source that unknown keys caused.
  std::chrono::seconds unknown_key_pause{30};
  std::chrono::milliseconds wait = std::chrono::seconds(5); // one fetch, all in all
  std::size_t answer_bytes = 256 * 1024;
  std::vector<std::string> allowed_addresses; // as fetch::AddressRange reads them
};

} // namespace assay::registry
