// The audience of a token as its record has it: URIs with a space between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/strict_json.h"

namespace assay::oauth {

std::vector<std::string_view> split_audience(std::string_view audience);

// Whether it is one of them, by simple string comparison (RFC 3986 section 6.2.1).
bool names_audience(std::string_view audience, std::string_view uri);

// The member `aud`: a string for one, an array for several (RFC 7519 section 4.1.3).
json::value audience_member(std::string_view audience);

// The inverse, of the URIs that the member has.
std::string join_audience(const std::vector<std::string>& uris);

} // namespace assay::oauth
