// What all TLS connections of a port have in common: the server's certificate, its key, and the
// rules. TLS 1.2 (RFC 5246) and 1.3 (RFC 8446), as RFC 9325 recommends them.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "crypto/certificate_trust.h"

struct ssl_ctx_st;

namespace assay::crypto {

// Thread-safe; never changes. A new certificate is a new context, and the connections of the old
// one go on with it.
class TlsContext {
public:
  struct Parts {
    std::string_view certificate_pem; // the server's, then those between it and its root
    std::string_view key_pem;
    bool ask_client_certificate = false; // clients may have none
    // The CAs that vouch for those; none: the key is proven, and nothing else.
    std::optional<CertificateTrust> client_trust = {};
  };

  // A sentence that says what is wrong with the certificate or the key.
  static std::expected<TlsContext, std::string> of(Parts parts);

  // When the server's certificate expires.
  TimePoint expires_at() const { return expires_at_; }

  const std::optional<CertificateTrust>& client_trust() const { return client_trust_; }

  // OpenSSL's context: for TlsSession alone.
  ssl_ctx_st* handle() const { return handle_.get(); }

private:
  TlsContext() = default;

  std::shared_ptr<ssl_ctx_st> handle_;
  std::optional<CertificateTrust> client_trust_;
  TimePoint expires_at_;
};

} // namespace assay::crypto
