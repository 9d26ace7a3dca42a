// Bytes in SQLite columns: BLOB.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "crypto/digest.h"

namespace assay::stores {

inline std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

// Of a damaged row, a digest that no token has.
inline crypto::Digest digest_of(std::span<const unsigned char> bytes) {
  std::array<unsigned char, crypto::Digest::kBytes> digest{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
  return crypto::Digest(digest);
}

} // namespace assay::stores
