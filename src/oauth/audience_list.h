// The audience of a token as its record has it: URIs with a space between.
#pragma once

#include <string_view>
#include <vector>

namespace assay::oauth {

std::vector<std::string_view> split_audience(std::string_view audience);

// Whether it is one of them, by simple string comparison (RFC 3986 section 6.2.1).
bool names_audience(std::string_view audience, std::string_view uri);

} // namespace assay::oauth
