// Text that may stand in a log line or on a terminal as it is.
#pragma once

#include <string_view>

namespace assay::jose {

// True for C0, DEL and C1 controls (the latter are the bytes C2 80 to C2 9F). The text is UTF-8.
constexpr bool has_control_character(std::string_view text) {
  unsigned char before = 0;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20U || byte == 0x7FU) return true;
    if (before == 0xC2U && byte >= 0x80U && byte <= 0x9FU) return true;
    before = byte;
  }
  return false;
}

} // namespace assay::jose
