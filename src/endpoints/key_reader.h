// Reads what a request shows of its sender's keys: the DPoP header, and the client certificate of
// its connection, be that ours or a proxy's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/certificate_trust.h"
#include "http/message.h"
#include "oauth/presented_keys.h"

namespace assay::endpoints {

// Thread-safe.
class KeyReader {
public:
  struct Parts {
    std::function<bool(std::string_view address)> is_proxy; // empty: none is
    std::string certificate_header;
    std::shared_ptr<const crypto::CertificateTrust> trust; // null: no certificate is trusted
  };

  explicit KeyReader(Parts parts) : parts_(std::move(parts)) {}

  // Whether the request came through a proxy of ours, so that what it says of the client counts.
  bool is_from_proxy(const http::Request& request) const {
    return parts_.is_proxy && parts_.is_proxy(request.peer_address);
  }

  // Reasons: dpop_repeated, client_certificate_malformed.
  Result<oauth::PresentedKeys> read(const http::Request& request, TimePoint now) const;

private:
  using Certificate = std::shared_ptr<const crypto::PeerCertificate>;
  Result<Certificate> certificate_of(const http::Request& request, TimePoint now) const;

  Parts parts_;
};

} // namespace assay::endpoints
