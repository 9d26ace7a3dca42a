// The elliptic curves of RFC 7518 section 6.2 and RFC 8037 section 2, and what OpenSSL calls them.
// Internal to jose/.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "jose/algorithm.h"

namespace assay::jose {

struct EcdsaCurve {
  KeyType type;
  const char* openssl_name;
  std::size_t coordinate_bytes; // also those of R, of S and of the private scalar
};

inline constexpr std::array kEcdsaCurves{
    EcdsaCurve{KeyType::ec_p256, "prime256v1", 32},
    EcdsaCurve{KeyType::ec_p384, "secp384r1", 48},
    EcdsaCurve{KeyType::ec_p521, "secp521r1", 66},
};

struct EdwardsCurve {
  KeyType type;
  const char* openssl_name;
  std::size_t key_bytes; // of the public and of the private key
};

inline constexpr std::array kEdwardsCurves{
    EdwardsCurve{KeyType::ed25519, "ED25519", 32},
    EdwardsCurve{KeyType::ed448, "ED448", 57},
};

// Null if the type is not in that table.
constexpr const EcdsaCurve* ecdsa_curve(KeyType type) {
  const auto* curve = std::ranges::find(kEcdsaCurves, type, &EcdsaCurve::type);
  return curve == kEcdsaCurves.end() ? nullptr : curve;
}

constexpr const EdwardsCurve* edwards_curve(KeyType type) {
  const auto* curve = std::ranges::find(kEdwardsCurves, type, &EdwardsCurve::type);
  return curve == kEdwardsCurves.end() ? nullptr : curve;
}

// The length of R||S (RFC 7518 section 3.4): 64, 96 or 132; 0 for a type that is not for ECDSA.
constexpr std::size_t ecdsa_signature_bytes(KeyType type) {
  const EcdsaCurve* curve = ecdsa_curve(type);
  return curve ? 2 * curve->coordinate_bytes : 0;
}

} // namespace assay::jose
