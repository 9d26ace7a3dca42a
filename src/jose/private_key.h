// A key that signs: for `assay jwt sign`, the demo, the tests and the bench. The server itself
// holds none of its clients' private keys.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "jose/public_key.h"

namespace assay::jose {

// Cheap to copy, immutable, thread-safe.
class PrivateKey {
public:
  // The algorithm that is used when none is asked for: the JWK's `alg`; else RS256 for RSA, the
  // curve's one for EC, EdDSA for the Edwards curves.
  Algorithm default_algorithm() const;

  // The public half, with the same kid.
  const PublicKey& public_key() const;

  // PKCS #8 as PEM, unencrypted; and the private JWK (RFC 7518 section 6, RFC 8037 section 2).
  Secret to_pem() const;
  Secret to_jwk() const;

  // The signature in the JOSE form (ECDSA: R||S). Empty if the algorithm does not fit the key.
  std::string sign(Algorithm algorithm, std::string_view signing_input) const;

  struct Parts; // for the parsers in private_key.cc alone
  explicit PrivateKey(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

private:
  std::shared_ptr<const Parts> parts_;
};

// PEM (PKCS #8, PKCS #1 or SEC 1, unencrypted) or a private JWK: told apart by the first character.
KeyResult<PrivateKey> parse_private_key(std::string_view text);

// A new key of that type (RSA: 2048 bits).
PrivateKey generate_private_key(KeyType type, std::optional<std::string> key_id = {});

} // namespace assay::jose
