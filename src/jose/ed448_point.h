// Whether bytes are a public key of Ed448 (RFC 8032 section 5.2.3). OpenSSL 3.0 takes any 57 bytes,
// and finds out only when it verifies. Internal to jose/.
#pragma once

#include <cstddef>
#include <span>

namespace assay::jose {

inline constexpr std::size_t kEd448KeyBytes = 57;

// False for a point off the curve, for a second spelling of one, and for the four points of small
// order: under a key of small order a signature can be made without the private key.
bool is_ed448_public_key(std::span<const unsigned char, kEd448KeyBytes> encoded);

} // namespace assay::jose
