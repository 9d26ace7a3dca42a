// The CAs that vouch for client certificates (RFC 8705 section 2.1).
#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace assay::crypto {

// Thread-safe. No revocation lists are read: who has been locked out is disabled in the registry.
class CertificateTrust {
public:
  // One certificate at least, root or intermediate: what it says of itself is what it is trusted
  // for. A sentence if there is none that can be read.
  static std::expected<CertificateTrust, std::string> of_pem(std::string_view pem);

  // Whether the certificate, for TLS clients by its usage, was issued by one of them, perhaps over
  // those in `between`, which nobody need trust; and all on the way are within their time.
  bool trusts(std::string_view der, std::span<const std::string> between, TimePoint now) const;

private:
  struct Authorities;
  explicit CertificateTrust(std::shared_ptr<const Authorities> authorities)
      : authorities_(std::move(authorities)) {}

  std::shared_ptr<const Authorities> authorities_;
};

} // namespace assay::crypto
