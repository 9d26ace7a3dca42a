// The name that was meant, when the one that was written is unknown.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::server {

// Of those that are known, the one that takes the fewest strokes to write right; none if that is no
// slip any more.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> known);

} // namespace assay::server
