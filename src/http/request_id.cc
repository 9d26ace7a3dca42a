#include "http/request_id.h"

#include <array>
#include <cstddef>
#include <string_view>

#include "crypto/random.h"

namespace assay::http {

void renew_request_id(std::string& id) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, 16> bytes{};
  crypto::secure_random(bytes);
  id.resize(2 * bytes.size());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    id[2 * at] = kDigits[bytes[at] >> 4U];
    id[2 * at + 1] = kDigits[bytes[at] & 0x0FU];
  }
}

} // namespace assay::http
