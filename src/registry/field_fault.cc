#include "registry/field_fault.h"

namespace assay::registry {

std::string to_text(const FieldFaults& faults) {
  std::string text;
  for (const FieldFault& fault : faults) {
    if (!text.empty()) text += "; ";
    if (!fault.field.empty()) text += fault.field + ": ";
    text += fault.what;
  }
  return text;
}

} // namespace assay::registry
