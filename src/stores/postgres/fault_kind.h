// What is to be done about a fault that PostgreSQL reports, by its SQLSTATE (its appendix A).
#pragma once

#include <string_view>

namespace assay::stores {

enum class FaultKind {
  contention,    // others were in the way: once more
  of_one,        // what one of the group brought is at fault: each by itself
  of_connection, // another connection may do better
  of_pooler,     // as before, and the operator forgot to say that there is a pooler
  other,
};

FaultKind fault_kind(std::string_view sqlstate);

// What the operator is told beyond the engine's own words.
std::string_view hint(FaultKind kind);

} // namespace assay::stores
