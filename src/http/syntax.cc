#include "http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace assay::http {

namespace {

constexpr std::array<bool, 256> token_characters() {
  std::array<bool, 256> table{};
  for (unsigned char letter = 'a'; letter <= 'z'; ++letter)
    table[letter] = true;
  for (unsigned char letter = 'A'; letter <= 'Z'; ++letter)
    table[letter] = true;
  for (unsigned char digit = '0'; digit <= '9'; ++digit)
    table[digit] = true;
  for (const char mark : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(mark)] = true;
  return table;
}

constexpr auto kTokenCharacters = token_characters();

bool is_token_character(char character) {
  return kTokenCharacters[static_cast<unsigned char>(character)];
}

bool is_value_character(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return (byte >= 0x20U && byte != 0x7FU) || byte == '\t';
}

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character | 0x20) : character;
}

} // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_field_value(std::string_view text) { return std::ranges::all_of(text, is_value_character); }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t at = 0; at < left.size(); ++at)
    if (lower(left[at]) != lower(right[at])) return false;
  return true;
}

std::string_view split_off(std::string_view& rest, char delimiter) {
  const std::size_t end = std::min(rest.find(delimiter), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<std::uint64_t> parse_size(std::string_view digits, NumberBase base) {
  std::uint64_t size = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, size, static_cast<int>(base));
  if (digits.empty() || stopped != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::uint64_t>::max();
  return size;
}

} // namespace assay::http
