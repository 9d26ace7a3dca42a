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

struct Candidate {
  jose::PublicKey key;
  std::string id; // the registered kid, or the thumbprint
};

// Either candidates, or the reason why there are none.
struct KeyChoice {
  std::vector<Candidate> candidates;
  std::optional<Reason> none_because; // key_unknown, key_disabled, key_expired, key_unsuitable,
                                      // algorithm_not_allowed
};

// With a `kid`: the keys registered under it, or, if there are none, those registered without one.
// Without it: all. Of these the live ones that accept the algorithm, if the application allows it,
// at most kKeysTriedMax. Never a key from the assertion itself.
KeyChoice choose_keys(const jose::JwsHeader& header, const registry::Application& application,
                      registry::KeyCache& keys, TimePoint now);

} // namespace assay::oauth
