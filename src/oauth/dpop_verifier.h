// Decides whether a DPoP proof proves that its sender has the key in it (RFC 9449 section 4.3).
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "jose/public_key.h"
#include "oauth/dpop_nonces.h"
#include "oauth/dpop_proof.h"
#include "registry/recent_map.h"

namespace assay::oauth {

struct DpopPolicy {
  std::chrono::seconds proof_life{60}; // how far back `iat` may lie
  std::chrono::seconds clock_skew{30}; // both ways
  bool require_nonce = false;
};

// The request that a proof must be for.
struct DpopTarget {
  std::string method;
  std::string url; // without query and fragment, or with: they do not count
  // SHA-256 of the access token that comes with the request; none at the token endpoint.
  std::optional<crypto::Digest> access_token;
};

// Only DpopVerifier::verify() makes one. Good once its claim is taken (ProofMemory): its maker
// leaves no trace.
class VerifiedProof {
public:
  const crypto::Digest& key() const { return key_; } // RFC 7638: `jkt`

  // What a second use has in common with this one: the key and the jti, as a jti is unique only
  // among one sender's proofs.
  const crypto::Digest& claim() const { return claim_; }

  // From then on verify() refuses it for its age.
  TimePoint acceptable_until() const { return acceptable_until_; }

private:
  friend class DpopVerifier;
  VerifiedProof(const crypto::Digest& key, const crypto::Digest& claim, TimePoint acceptable_until)
      : key_(key), claim_(claim), acceptable_until_(acceptable_until) {}

  crypto::Digest key_;
  crypto::Digest claim_;
  TimePoint acceptable_until_;
};

// Pure but for its cache of parsed keys. Thread-safe.
class DpopVerifier {
public:
  struct Parts {
    DpopPolicy policy;
    const DpopNonces& nonces; // outlives it
  };

  explicit DpopVerifier(Parts parts) : parts_(parts) {}

  // Reasons: those of the gate "dpop", less dpop_missing, _repeated, _key_mismatch and _replayed.
  Result<VerifiedProof> verify(std::string_view text, const DpopTarget& target,
                               TimePoint now) const;

  std::string nonce(TimePoint now) const { return parts_.nonces.at(now); }
  const DpopPolicy& policy() const { return parts_.policy; }

private:
  // Keys whose proofs were good: to parse one costs more than to check a signature.
  class KnownKeys {
  public:
    std::optional<jose::PublicKey> find(const crypto::Digest& header);
    void put(const crypto::Digest& header, const jose::PublicKey& key);

  private:
    struct Shard {
      std::mutex mutex;
      registry::RecentMap<crypto::Digest, jose::PublicKey, crypto::DigestHash> keys{1000};
    };
    Shard& shard_of(const crypto::Digest& header);

    std::array<Shard, 16> shards_;
  };

  Result<jose::PublicKey> signer_of(const DpopProof& proof) const;
  Result<void> check_claims(const DpopProof& proof, const DpopTarget& target, TimePoint now) const;
  Result<void> check_nonce(const DpopProof& proof, TimePoint now) const;

  Parts parts_;
  mutable KnownKeys known_keys_;
};

} // namespace assay::oauth
