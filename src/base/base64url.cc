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

struct Sextets {
  std::uint32_t bits = 0; // six a character, the last one lowest
  std::uint8_t seen = 0; // all the values together: above 63 if a character is outside the alphabet
};

Sextets read_sextets(std::string_view characters, const DecodeTable& table) {
  Sextets sextets;
  for (const char character : characters) {
    const std::uint8_t value = table[static_cast<unsigned char>(character)];
    sextets.seen |= value;
    sextets.bits = (sextets.bits << 6U) | value;
  }
  return sextets;
}

bool all_inside(const Sextets& sextets) { return sextets.seen < 64; }

std::optional<std::string> decode(std::string_view text, const DecodeTable& table) {
  // One character left over holds six bits: less than a byte.
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes(text.size() * 3 / 4, '\0');
  char* out = bytes.data();
  for (; text.size() >= 4; text.remove_prefix(4)) {
    const Sextets four = read_sextets(text.substr(0, 4), table);
    if (!all_inside(four)) return std::nullopt;
    *out++ = static_cast<char>(four.bits >> 16U);
    *out++ = static_cast<char>(four.bits >> 8U);
    *out++ = static_cast<char>(four.bits);
  }
  if (text.empty()) return bytes;

  // Two or three characters hold one or two bytes and some bits more, which must be zero, or one
  // value would have several spellings.
  const Sextets rest = read_sextets(text, table);
  const unsigned spare_bits = text.size() == 2 ? 4 : 2;
  if (!all_inside(rest) || (rest.bits & ((1U << spare_bits) - 1U)) != 0) return std::nullopt;
  const std::uint32_t last = rest.bits >> spare_bits;
  if (text.size() == 3) *out++ = static_cast<char>(last >> 8U);
  *out = static_cast<char>(last);
  return bytes;
}

// The lowest bits, six a character; gives what follows them.
char* write_sextets(char* out, std::uint32_t bits, unsigned count) {
  for (unsigned left = count; left > 0; --left)
    *out++ = kUrlAlphabet[(bits >> (6U * (left - 1U))) & 0x3FU];
  return out;
}

} // namespace

std::string base64url_encode(std::span<const unsigned char> bytes) {
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  for (; bytes.size() >= 3; bytes = bytes.subspan(3)) {
    const std::uint32_t three = (std::uint32_t{bytes[0]} << 16U) | (std::uint32_t{bytes[1]} << 8U) |
                                std::uint32_t{bytes[2]};
    out = write_sextets(out, three, 4);
  }
  // One or two bytes are left, whose bits are filled up with zeros (RFC 4648 section 4).
  if (bytes.size() == 1) write_sextets(out, std::uint32_t{bytes[0]} << 4U, 2);
  if (bytes.size() == 2)
    write_sextets(out, (std::uint32_t{bytes[0]} << 10U) | (std::uint32_t{bytes[1]} << 2U), 3);
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
