// Base64url without padding, as JWS wants it (RFC 7515 section 2 and appendix C).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay {

std::string base64url_encode(std::span<const unsigned char> bytes);
std::string base64url_encode(std::string_view bytes);

// Strict, so that one value has one spelling: no padding, no white space, no character outside the
// alphabet, no bits set beyond the last byte. Empty text is an empty value.
std::optional<std::string> base64url_decode(std::string_view text);

// The padded alphabet of RFC 4648 section 4, as PEM and HTTP Basic have it; as strict.
std::optional<std::string> base64_decode(std::string_view text);

} // namespace assay
