// What is wrong with a record, field by field.
#pragma once

#include <string>
#include <vector>

namespace assay::registry {

// `keys[1].jwk`, "an RSA key needs at least 2048 bits, this one has 1024". An empty field stands
// for the record as a whole.
struct FieldFault {
  std::string field;
  std::string what;
};

using FieldFaults = std::vector<FieldFault>;

// One line: `scopes[0].name: ...; enabled: ...`.
std::string to_text(const FieldFaults& faults);

} // namespace assay::registry
