// Makes one registry the same as another, a pass at a time, while the other is written to.
#pragma once

#include <string_view>

#include "base/copy_tally.h"
#include "registry/property_store.h"

namespace assay::registry {

// Where a registry that is copied into has its CopyMark; never copied itself.
inline constexpr std::string_view kCopyTable = "StoreCopies";
inline constexpr std::string_view kCopyKey = "registry";

// Whether nothing was ever written to it, or all of it was erased; the mark does not count.
bool is_empty(PropertyStore& store);

// All tables, whatever their names; rows as they are, sealed ones too. What `from` lacks is erased
// in `to`. Then both are read again and compared. Throws Unavailable.
CopyTally copy_registry(PropertyStore& from, PropertyStore& to, const CopyProgress& progress);

} // namespace assay::registry
