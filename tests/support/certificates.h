// X.509 certificates for tests.
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
  // Extensions, as openssl.cnf writes them: "digitalSignature", "DNS:a.example,IP:192.0.2.1".
  std::optional<std::string> key_usage = {};
  std::optional<std::string> alternative_names = {};
  std::optional<std::string> basic_constraints = {};
  std::optional<std::string> extended_key_usage = {};
  // Who signs it, and under which name; by itself otherwise.
  const jose::PrivateKey* issuer_key = nullptr;
  std::string issuer_name = {};
};

// As PEM; its serial number is 0x0102.
std::string certificate_for(const jose::PrivateKey& key, const CertificateTraits& traits = {});

// What is between the lines of a PEM: base64 of the DER, and the DER.
std::string base64_of(const std::string& pem);
std::string der_of(const std::string& pem);

} // namespace assay::testing
