// A key that signs: for `assay jwt sign`, the demo, the tests and the bench. The server itself
// holds none of its clients' private keys.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.h"
#include "jose/key_fault.h"
#include "jose/public_key.h"

namespace assay::jose {

// Cheap to copy, immutable, thread-safe.
class PrivateKey {
public:
  // The algorithm that is used when none is asked for: the JWK's `alg`; else RS256 for RSA, the
  // curve's one for EC, EdDSA for the Edwards curves.
  Algorithm default_algorithm() const;

  // The public half, with the same kid and alg.
  const PublicKey& public_key() const;

  // PKCS #8 as PEM, unencrypted; and the private JWK (RFC 7518 section 6, RFC 8037 section 2).
  Secret to_pem() const;
  Secret to_jwk() const;

  // The signature in the JOSE form (ECDSA: R||S). Empty if the key does not accept the algorithm.
  std::string sign(Algorithm algorithm, std::string_view signing_input) const;

  struct Parts; // known to private_key.cc alone
  explicit PrivateKey(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

private:
  std::shared_ptr<const Parts> parts_;
};

// PEM (one PKCS #8, PKCS #1 or SEC 1 block, unencrypted) or a private JWK: told apart by the first
// character. Refuses what parse_jwk() refuses of the public half, `key_ops` without "sign", and
// halves that do not belong together: what one signs must verify by the other.
KeyResult<PrivateKey> parse_private_key(std::string_view text);

// A new key of that type (RSA: 2048 bits).
PrivateKey generate_private_key(KeyType type, std::optional<std::string> key_id = {});

} // namespace assay::jose
