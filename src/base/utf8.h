// Whether bytes are UTF-8 (RFC 3629).
#pragma once

#include <string_view>

namespace assay {

// False for overlong forms, surrogates and code points above U+10FFFF.
bool is_utf8(std::string_view bytes);

// The longest prefix of at most `bytes_max` bytes that does not cut a character in two.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

} // namespace assay
