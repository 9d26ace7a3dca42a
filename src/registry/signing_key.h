// A key that this server signs with, as its row in the KPS has it: encrypted, with the times that
// its states follow from.
//
//   table  SigningKeys
//   key    the kid: the thumbprint of RFC 7638
//   value  {"algorithm", "created_at", "signs_from", "signs_until", "gone_at", "public", "sealed"}
//
// `sealed` is the private JWK (crypto/seal.h) under the key-encryption secret; it goes when the key
// has signed for the last time.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/strict_json.h"
#include "crypto/random.h"
#include "jose/algorithm.h"
#include "jose/private_key.h"
#include "registry/property_store.h"

namespace assay::registry {

inline constexpr std::string_view kSigningKeyTable = "SigningKeys";

// ES256, EdDSA, RS256 and PS256.
bool can_sign(jose::Algorithm algorithm);

// announced: published, so that who checks tokens knows it before it signs. retired: published, as
// tokens that it signed still live. gone: known to nobody any more.
enum class SigningKeyState { announced, signing, retired, gone };

std::string_view name(SigningKeyState state);

struct SigningKeyRow {
  std::string id;
  jose::Algorithm algorithm = jose::Algorithm::es256;
  TimePoint created_at;
  TimePoint signs_from;
  std::optional<TimePoint> signs_until; // none: no successor is announced
  std::optional<TimePoint> gone_at;
  json::object public_jwk;
  std::string sealed; // empty: it signs no more
  Version version = 0;

  // On every node alike, whatever happens when: nobody has to move a key from state to state.
  SigningKeyState state_at(TimePoint now) const;
};

// A new key, which is not written yet; signs from `signs_from` on.
SigningKeyRow make_signing_key(jose::Algorithm algorithm, TimePoint now, TimePoint signs_from,
                               std::string_view secret, const crypto::Random& random);

// None if it was sealed under another secret.
std::optional<jose::PrivateKey> open_signing_key(const SigningKeyRow& row, std::string_view secret);

PropertyWrite to_write(const SigningKeyRow& row);

// A sentence if it is no row of that table.
std::expected<SigningKeyRow, std::string> read_signing_key(std::string_view id,
                                                           std::string_view value, Version version);

} // namespace assay::registry
