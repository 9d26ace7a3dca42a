// The certificate that the other end of a TLS connection proved to have the key of (RFC 8446
// section 4.4.3).
#pragma once

#include <string>

namespace assay::crypto {

struct PeerCertificate {
  std::string der;
  // Issued, perhaps over others, by a CA that is known here, for clients, and within its time.
  // Otherwise it says nothing but that its key is the peer's.
  bool is_trusted = false;
};

} // namespace assay::crypto
