#include "stores/postgres/fault_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::stores {

namespace {

// The first that fits counts; two characters stand for a class.
constexpr std::array kKinds{
    std::pair<std::string_view, FaultKind>("40001", FaultKind::contention), // serialization_failure
    std::pair<std::string_view, FaultKind>("40P01", FaultKind::contention), // deadlock_detected
    std::pair<std::string_view, FaultKind>("55P03", FaultKind::contention), // lock_not_available
    // check_violation: the row's partition was dropped a moment ago
    std::pair<std::string_view, FaultKind>("23514", FaultKind::contention),
    std::pair<std::string_view, FaultKind>("22", FaultKind::of_one), // data_exception
    std::pair<std::string_view, FaultKind>("23", FaultKind::of_one), // integrity_constraint_...
    std::pair<std::string_view, FaultKind>("54", FaultKind::of_one), // program_limit_exceeded
    std::pair<std::string_view, FaultKind>("25006", FaultKind::of_connection), // a standby by now
    std::pair<std::string_view, FaultKind>("08", FaultKind::of_connection),
    std::pair<std::string_view, FaultKind>("57P", FaultKind::of_connection), // it shuts down
    std::pair<std::string_view, FaultKind>("26000", FaultKind::of_pooler),   // no such statement
    std::pair<std::string_view, FaultKind>("42P05", FaultKind::of_pooler),   // there is one already
};

} // namespace

FaultKind fault_kind(std::string_view sqlstate) {
  const auto* const found = std::ranges::find_if(
      kKinds, [&](const auto& known) { return sqlstate.starts_with(known.first); });
  return found == kKinds.end() ? FaultKind::other : found->second;
}

std::string_view hint(FaultKind kind) {
  if (kind != FaultKind::of_pooler) return "";
  return "; behind a pgbouncer in transaction mode, the URL needs pooler=transaction";
}

} // namespace assay::stores
