// Text from a request, as it may stand in the private detail of a refusal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::oauth {

inline constexpr std::size_t kQuoteBytesMax = 200;

// The text, cut at kQuoteBytesMax.
std::string quote(std::string_view text);

// As above, but says only how long the text is if it looks like a token, an assertion or a client
// secret. For what a client can fill with the wrong one of its texts: an id, a grant type, a
// parameter's name.
std::string quote_unless_secret(std::string_view text);

} // namespace assay::oauth
