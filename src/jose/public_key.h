// A public key that verifies signatures. jose/jwk.h, jose/jwk_set.h and jose/pem.h make it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "crypto/digest.h"
#include "jose/algorithm.h"

namespace assay::jose {

inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 8192; // A larger modulus would let one request buy much CPU.
inline constexpr std::size_t kKeyIdBytesMax = 256;

// When a certificate may be used (RFC 5280 section 4.1.2.5), and whose it is: for people to read,
// without control characters.
struct CertificateFacts {
  TimePoint not_before;
  TimePoint not_after;
  std::string subject; // as RFC 4514 writes names
  std::string issuer;
  std::string serial;        // hexadecimal
  crypto::Digest thumbprint; // SHA-256 of the DER: x5t#S256
};

// A value that is cheap to copy (shared, immutable). Holds an initialised context an algorithm,
// from which each check is copied: setting one up anew costs a quarter of an RS256 check.
// Thread-safe.
class PublicKey {
public:
  KeyType type() const;
  int bits() const;

  // The JWK's own members, absent for a certificate.
  const std::optional<std::string>& key_id() const;
  const std::optional<Algorithm>& algorithm() const;

  const std::optional<CertificateFacts>& certificate() const;

  // RFC 7638: the SHA-256 of the required members.
  const crypto::Digest& thumbprint() const;

  // The public JWK: required members, and kid and alg where there are any.
  std::string to_jwk() const;

  // SubjectPublicKeyInfo as PEM.
  std::string to_pem() const;

  // A JWK with an `alg` accepts that one alone (RFC 8725bis: one key, one algorithm); without it
  // every one that fits its type.
  bool accepts(Algorithm algorithm) const;

  // True only if the signature over `signing_input` is good. False also for a signature of the
  // wrong form: ECDSA wants R||S of fixed length (RFC 7518 section 3.4), never DER. Needs
  // accepts(algorithm), whatever the caller has checked before.
  bool verify(Algorithm algorithm, std::string_view signing_input,
              std::string_view signature) const;

  struct Parts; // known to jose/ alone
  explicit PublicKey(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

private:
  std::shared_ptr<const Parts> parts_;
};

} // namespace assay::jose
