#include "observe/usage_store.h"

#include <algorithm>

namespace assay::observe {

UsageCounts& UsageCounts::operator+=(const UsageCounts& other) {
  successes += other.successes;
  failures += other.failures;
  exceptions += other.exceptions;
  total_time += other.total_time;
  longest_time = std::max(longest_time, other.longest_time);
  return *this;
}

} // namespace assay::observe
