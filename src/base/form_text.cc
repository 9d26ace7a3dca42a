#include "base/form_text.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace assay {

namespace {

int hex_value(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  plain.fill(true);
  for (const char special : {'+', '%', '\0'})
    plain[static_cast<unsigned char>(special)] = false;
  return plain;
}();

bool is_plain(char character) { return kPlain[static_cast<unsigned char>(character)]; }

// Takes an escape, or a character that is none, off the front. None for a broken one and for
// U+0000.
std::optional<char> decode_character(std::string_view& text) {
  char character = text.front();
  std::size_t length = 1;
  if (character == '+') {
    character = ' ';
  } else if (character == '%') {
    length = 3;
    if (text.size() < length) return std::nullopt;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    character = static_cast<char>(high * 16 + low);
  }
  if (character == '\0') return std::nullopt;
  text.remove_prefix(length);
  return character;
}

bool is_unreserved(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '-' || character == '.' ||
         character == '_' || character == '*';
}

} // namespace

std::optional<std::string> form_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    // Most of what is sent, an assertion above all, stands for itself.
    const auto plain = std::ranges::find_if_not(text, is_plain) - text.begin();
    const auto run = static_cast<std::size_t>(plain);
    decoded.append(text, 0, run);
    text.remove_prefix(run);
    if (text.empty()) break;

    const auto character = decode_character(text);
    if (!character) return std::nullopt;
    decoded.push_back(*character);
  }
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::string form_encode(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(value.size());
  for (const char character : value) {
    if (is_unreserved(character)) {
      encoded.push_back(character);
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    encoded.push_back('%');
    encoded.push_back(kDigits[byte >> 4U]);
    encoded.push_back(kDigits[byte & 0x0FU]);
  }
  return encoded;
}

} // namespace assay
