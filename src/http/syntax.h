// The characters that HTTP's grammar is made of (RFC 9110 section 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::http {

// A method or a field's name: at least one character, none of them a delimiter (section 5.6.2).
bool is_token(std::string_view text);

// Visible characters, spaces, tabs and bytes above 0x7F; so no line break and no NUL, with which
// one field could be made to look like two (section 5.5).
bool is_field_value(std::string_view text);

// Without the spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

// ASCII only, as field names and most of their values want it.
bool equal_ignoring_case(std::string_view left, std::string_view right);

// Takes the part before the next `delimiter` off the front of `rest`, and the delimiter with it.
std::string_view split_off(std::string_view& rest, char delimiter);

enum class NumberBase { decimal = 10, hexadecimal = 16 };

// None unless all of the text is digits, at least one: no sign, no list, no prefix. A number that
// is too large to be held is the largest one.
std::optional<std::uint64_t> parse_size(std::string_view digits, NumberBase base);

} // namespace assay::http
