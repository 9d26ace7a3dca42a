// Self-signed X.509 certificates for tests.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "jose/private_key.h"

namespace assay::testing {

struct CertificateTraits {
  std::string common_name = "billing";
  std::chrono::sys_seconds not_before{std::chrono::sys_days{std::chrono::January / 1 / 2026}};
  std::chrono::sys_seconds not_after{std::chrono::sys_days{std::chrono::January / 1 / 2036}};
  std::optional<std::string> key_usage = {}; // as openssl.cnf writes it: "digitalSignature"
};

// As PEM; its serial number is 0x0102.
std::string certificate_for(const jose::PrivateKey& key, const CertificateTraits& traits = {});

} // namespace assay::testing
