// The keys of a record whose client brought others: what an operator said of a key stays said.
#pragma once

#include <expected>
#include <vector>

#include "base/strict_json.h"
#include "registry/field_fault.h"
#include "registry/registered_key.h"

namespace assay::registry {

// `brought` are items of the member `keys`, each with a JWK. A key that the record has already,
// by its thumbprint (RFC 7638), keeps its not_after. The disabled ones stay in the record, behind
// the others, and a client that brings one of them again is refused: with its next rotation it
// would undo what an operator did to a stolen key. Faults have the names of a record.
std::expected<json::array, FieldFaults> replaced_keys(json::array brought,
                                                      const std::vector<RegisteredKey>& current);

} // namespace assay::registry
