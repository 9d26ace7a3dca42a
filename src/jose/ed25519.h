// Ed25519 (RFC 8032 section 5.1) by libsodium: twice as fast as OpenSSL 3.0, and stricter with
// keys. Internal to jose/.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace assay::jose {

inline constexpr std::size_t kEd25519KeyBytes = 32;

using Ed25519Key = std::span<const unsigned char, kEd25519KeyBytes>;

// False for a point off the curve, for a second spelling of one, and for a point outside of the
// group that the base point makes: one of small order, or with a part of it. Under a key of small
// order a signature can be made without the private key.
bool is_ed25519_public_key(Ed25519Key encoded);

// Refuses a signature of another length than 64 bytes, and one whose S is not reduced.
bool verify_ed25519(Ed25519Key key, std::string_view text, std::string_view signature);

} // namespace assay::jose
