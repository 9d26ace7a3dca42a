// A public key that verifies signatures: from a JWK (RFC 7517, RFC 7518 section 6, RFC 8037), an
// X.509 certificate or a PEM public key.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/strict_json.h"
#include "crypto/digest.h"
#include "jose/algorithm.h"

namespace assay::jose {

inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 8192; // A larger modulus would let one request buy much CPU.
inline constexpr std::size_t kKeyIdBytesMax = 256;
inline constexpr std::size_t kKeysInSetMax = 100;

// When a certificate may be used (RFC 5280 section 4.1.2.5), and whose it is: for people to read.
struct CertificateFacts {
  TimePoint not_before;
  TimePoint not_after;
  std::string subject;
  std::string issuer;
  std::string serial;
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

  struct Parts; // for the parsers in key_parser.cc alone
  explicit PublicKey(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

private:
  std::shared_ptr<const Parts> parts_;
};

// Why a key is not taken: one sentence that a person can act on. Never quotes the key.
struct KeyFault {
  std::string what;
};

template <class T> using KeyResult = std::expected<T, KeyFault>;

// Refused: private members (`d`, `k`, ...), RSA below kRsaBitsMin or with an exponent below 3 or
// even, points off their curve, `use` other than "sig", `key_ops` without "verify", an `alg` that
// does not fit the key, a `kid` that is empty, too long or has control characters.
KeyResult<PublicKey> parse_jwk(const json::object& jwk);
KeyResult<PublicKey> parse_jwk(std::string_view text);

// RFC 7517 section 5: members and key types that are not understood are skipped, and so are keys
// for encryption; a key that is understood but bad refuses the set. An empty result is refused.
KeyResult<std::vector<PublicKey>> parse_jwk_set(std::string_view text);

// Exactly one "CERTIFICATE" or "PUBLIC KEY" block.
KeyResult<PublicKey> parse_pem(std::string_view text);

} // namespace assay::jose
