// The name that was meant, when the one that was written is unknown.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay::server {

// "is unknown here; did you mean port?", or which names are known if none of them is near. Not
// empty: `known` has at least one.
std::string unknown_name(std::string_view name, std::span<const std::string> known);

} // namespace assay::server
