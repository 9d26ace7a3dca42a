// Which of an application's keys can have made a signature (RFC 7515 section 6, RFC 8725
// section 3.1).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/refusal.h"
#include "jose/jws.h"
#include "jose/public_key.h"
#include "registry/application.h"
#include "registry/key_cache.h"

namespace assay::oauth {

// One assertion buys at most this many signature checks.
inline constexpr std::size_t kKeysTriedMax = 8;

// By the operator's limit.
bool is_over(const registry::RegisteredKey& registered, TimePoint now);

// A certificate verifies only within its validity; a bare key has none.
bool is_outside_validity(const jose::PublicKey& key, TimePoint now);

struct Candidate {
  const registry::RegisteredKey* registered; // of the application, which outlives the choice
  jose::PublicKey key;

  // The registered kid, or the thumbprint.
  std::string id() const;
};

struct KeyChoice {
  std::vector<Candidate> candidates;
  // If there are none: key_unknown, key_unsuitable, key_expired, key_disabled, or, with a live key
  // of the right type, algorithm_not_allowed.
  std::optional<Reason> none_because;
};

// With a `kid`: the keys registered under it, or, if there are none, those registered without one.
// Without it: all. Of these the live ones that accept the algorithm, if the application allows it,
// the first kKeysTriedMax. Never a key from the assertion itself.
KeyChoice choose_keys(const jose::JwsHeader& header, const registry::Application& application,
                      registry::KeyCache& keys, TimePoint now);

// For people: what can be said against each key that the header could mean, the first few of them.
std::string describe_keys(const jose::JwsHeader& header, const registry::Application& application,
                          registry::KeyCache& keys, TimePoint now);

} // namespace assay::oauth
