// The encoding of application/x-www-form-urlencoded values, which HTTP Basic credentials use as
// well (RFC 6749 section 2.3.1 and appendix B).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay {

// '+' is a space, %XX a byte. None for a broken escape, for U+0000 and for bytes that are not
// UTF-8.
std::optional<std::string> form_decode(std::string_view text);

// Everything but unreserved characters is escaped; form_decode gives the value back.
std::string form_encode(std::string_view value);

} // namespace assay
