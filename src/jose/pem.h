// A public key from PEM (RFC 7468): an X.509 certificate or a SubjectPublicKeyInfo.
#pragma once

#include <cstddef>
#include <string_view>

#include "jose/key_fault.h"
#include "jose/public_key.h"

namespace assay::jose {

inline constexpr std::size_t kPemBytesMax = 64 * 1024;

// Exactly one "CERTIFICATE" or "PUBLIC KEY" block, with any text around it. What parse_jwk() says
// about keys holds here too. Whoever issued a certificate, or whether it is within its time, is not
// looked at: it was registered as it is.
KeyResult<PublicKey> parse_pem(std::string_view text);

} // namespace assay::jose
