// The two forms of an ECDSA signature: JOSE's R||S of fixed length (RFC 7518 section 3.4), and the
// DER structure that OpenSSL reads and writes (RFC 3279 section 2.2.3).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace assay::jose {

// Big enough for P-521: a header of 3 bytes, and twice 2 bytes and 67 with the sign.
struct DerSignature {
  std::array<unsigned char, 144> bytes{};
  std::size_t size = 0;

  std::span<const unsigned char> view() const { return std::span(bytes).first(size); }
};

// `joined` is R||S, of an even length up to 132 bytes.
DerSignature ecdsa_to_der(std::string_view joined);

// The inverse. `der` is OpenSSL's own, so it must be well-formed.
std::string ecdsa_from_der(std::span<const unsigned char> der, std::size_t joined_bytes);

} // namespace assay::jose
