#include "base/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay {

namespace {

constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kPlainAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kOutside = 0xFF;
using DecodeTable = std::array<std::uint8_t, 256>;

constexpr DecodeTable decode_table(std::string_view alphabet) {
  DecodeTable table{};
  table.fill(kOutside);
  for (std::size_t value = 0; value < alphabet.size(); ++value)
    table[static_cast<unsigned char>(alphabet[value])] = static_cast<std::uint8_t>(value);
  return table;
}

constexpr DecodeTable kUrlTable = decode_table(kUrlAlphabet);
constexpr DecodeTable kPlainTable = decode_table(kPlainAlphabet);

std::optional<std::string> decode(std::string_view text, const DecodeTable& table) {
  // One character left over holds six bits: less than a byte.
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes(text.size() * 3 / 4, '\0');
  std::size_t end = 0;
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const char character : text) {
    const std::uint8_t value = table[static_cast<unsigned char>(character)];
    if (value == kOutside) return std::nullopt;
    pending = (pending << 6U) | value;
    pending_bits += 6;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    bytes[end++] = static_cast<char>((pending >> pending_bits) & 0xFFU);
  }
  // Bits beyond the last byte must be zero, or one value would have several spellings.
  if ((pending & ((1U << pending_bits) - 1U)) != 0) return std::nullopt;
  return bytes;
}

} // namespace

std::string base64url_encode(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const unsigned char byte : bytes) {
    pending = (pending << 8U) | byte;
    pending_bits += 8;
    while (pending_bits >= 6) {
      pending_bits -= 6;
      text.push_back(kUrlAlphabet[(pending >> pending_bits) & 0x3FU]);
    }
  }
  if (pending_bits > 0) text.push_back(kUrlAlphabet[(pending << (6 - pending_bits)) & 0x3FU]);
  return text;
}

std::string base64url_encode(std::string_view bytes) {
  return base64url_encode(
      std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::optional<std::string> base64url_decode(std::string_view text) {
  return decode(text, kUrlTable);
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with("=="))
    text.remove_suffix(2);
  else if (text.ends_with('='))
    text.remove_suffix(1);
  return decode(text, kPlainTable);
}

} // namespace assay
