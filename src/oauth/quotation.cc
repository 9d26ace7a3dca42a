#include "oauth/quotation.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace assay::oauth {

namespace {

// Random text has long runs of letters and digits in which both cases are mixed; words, URNs, UUIDs
// and hexadecimal ids have not.
constexpr std::size_t kSecretRunMin = 20;

bool is_upper(char character) { return character >= 'A' && character <= 'Z'; }

bool is_lower(char character) { return character >= 'a' && character <= 'z'; }

bool is_letter_or_digit(char character) {
  return is_upper(character) || is_lower(character) || (character >= '0' && character <= '9');
}

bool looks_secret(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, is_letter_or_digit);
    const auto length = static_cast<std::size_t>(end - text.begin());
    const std::string_view run = text.substr(0, length);
    if (length >= kSecretRunMin && std::ranges::any_of(run, is_upper) &&
        std::ranges::any_of(run, is_lower))
      return true;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return false;
}

} // namespace

std::string quote(std::string_view text) { return std::string(utf8_prefix(text, kQuoteBytesMax)); }

std::string quote_unless_secret(std::string_view text) {
  return looks_secret(text) ? fmt::format("({} bytes)", text.size()) : quote(text);
}

} // namespace assay::oauth
