// DPoP proofs (RFC 9449 section 4.2): the ordinary case, from which each test differs in one thing.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/strict_json.h"
#include "support/assertions.h"

namespace assay::testing {

struct ProofTraits {
  std::string method = "POST";
  std::string url = "http://apiserver/api/oauth/token";
  std::string id = "proof-1";
  json::object more = {}; // claims: `ath`, `nonce`
};

inline std::string proof_by(const jose::PrivateKey& key, TimePoint now,
                            const ProofTraits& traits = {}) {
  json::object claims{
      {"jti", traits.id}, {"htm", traits.method}, {"htu", traits.url}, {"iat", unix_seconds(now)}};
  for (const auto& [name, value] : traits.more)
    claims[name] = value;
  return signed_jwt(key, claims,
                    {{"typ", "dpop+jwt"}, {"jwk", *parse_strict_json(key.public_key().to_jwk())}});
}

} // namespace assay::testing
