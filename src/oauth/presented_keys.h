// What a request shows of its sender's keys, beside its credentials: what a token can be bound to,
// and what authenticates a client by TLS.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/peer_certificate.h"

namespace assay::oauth {

// A value, read and not judged.
struct PresentedKeys {
  // Of the connection, be it ours or a proxy's; null: none.
  std::shared_ptr<const crypto::PeerCertificate> certificate;
  std::optional<std::string> proof; // the DPoP header (RFC 9449 section 4.1)
};

} // namespace assay::oauth
