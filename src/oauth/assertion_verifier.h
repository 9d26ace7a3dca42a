// Decides whether an assertion proves what RFC 7523 section 3 wants proved.
#pragma once

#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "oauth/assertion.h"
#include "oauth/assertion_policy.h"
#include "registry/application.h"
#include "registry/key_cache.h"

namespace assay::oauth {

// Pure but for the cache of parsed keys: no clock, no network, no store. Replays are
// TokenStore::issue's business. Thread-safe.
class AssertionVerifier {
public:
  // The cache outlives the verifier.
  AssertionVerifier(AssertionPolicy policy, registry::KeyCache& keys)
      : policy_(std::move(policy)), keys_(keys) {}

  const AssertionPolicy& policy() const { return policy_; }

  // Refuses at the first gate of assertion_gates() that does; the detail names what it expected and
  // what it found. `sender` is null if the registry has no such application.
  Result<VerifiedAssertion> verify(const UnverifiedAssertion& assertion,
                                   std::shared_ptr<const registry::Application> sender,
                                   TimePoint now) const;

private:
  AssertionPolicy policy_;
  registry::KeyCache& keys_;
};

} // namespace assay::oauth
