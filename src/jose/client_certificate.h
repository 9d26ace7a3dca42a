// What a client's X.509 certificate says of its holder (RFC 5280, RFC 8705 section 2). Whoever
// issued it is not looked at here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/digest.h"
#include "jose/distinguished_name.h"
#include "jose/key_fault.h"

namespace assay::jose {

inline constexpr std::size_t kCertificateBytesMax = 16 * 1024;

struct ClientCertificate {
  crypto::Digest thumbprint;     // SHA-256 of the DER: x5t#S256
  crypto::Digest key_thumbprint; // of its public key (RFC 7638)
  TimePoint not_before;
  TimePoint not_after;
  std::string subject; // as RFC 4514 writes names, for people
  DistinguishedName subject_name;
  // The subject's alternative names (RFC 5280 section 4.2.1.6).
  std::vector<std::string> dns_names;
  std::vector<std::string> uris;
  std::vector<std::string> ip_addresses; // as canonical_ip_address() writes them
  std::vector<std::string> emails;
};

// One certificate and nothing behind it. Refused: what parse_pem() refuses of a certificate's key.
KeyResult<ClientCertificate> parse_client_certificate(std::string_view der);

// One spelling an address (RFC 5952); none if it is no IP address.
std::optional<std::string> canonical_ip_address(const std::string& text);

} // namespace assay::jose
