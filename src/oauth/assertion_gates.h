// The checks that an assertion passes, in their order, as one table of pure functions: the token
// endpoint stops at the first that refuses, `assay explain` runs them all.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/refusal.h"
#include "oauth/assertion.h"
#include "oauth/assertion_policy.h"
#include "oauth/key_choice.h"
#include "registry/application.h"
#include "registry/key_cache.h"

namespace assay::oauth {

// What a gate looks at: one assertion before one policy at one moment. Used by one thread.
class AssertionCase {
public:
  // `sender` is null if the registry has no such application. Everything outlives the case.
  AssertionCase(const UnverifiedAssertion& assertion, const registry::Application* sender,
                const AssertionPolicy& policy, registry::KeyCache& keys, TimePoint now);

  const UnverifiedAssertion& assertion() const { return assertion_; }
  const jose::Claims& claims() const { return assertion_.claims; }
  const registry::Application* sender() const { return sender_; }
  const AssertionPolicy& policy() const { return policy_; }
  TimePoint now() const { return now_; }

  // Without candidates while there is no sender.
  const KeyChoice& keys() const { return choice_; }
  std::string described_keys() const;

  // The application's own, or the policy's.
  std::chrono::seconds longest_life() const;
  bool requires_jti() const;

  // The key that made the signature; null if none of them did. Checked at the first call (the dear
  // part), then remembered.
  const Candidate* proof() const;

private:
  const UnverifiedAssertion& assertion_;
  const registry::Application* sender_;
  const AssertionPolicy& policy_;
  registry::KeyCache& keys_;
  TimePoint now_;
  KeyChoice choice_;
  mutable bool proof_sought_ = false;
  mutable const Candidate* proof_ = nullptr;
};

// For people: what would have passed, and what was there. Never a key, a token or a signature.
struct Finding {
  std::string expected;
  std::string found;
};

// What a gate cannot be judged without; the gates before it see to it that it is there.
enum class Need {
  nothing,   // but the assertion
  sender,    // a registered application that sent it
  live_key,  // one of the sender's, of a type that the algorithm can use
  candidate, // one that may be used with the algorithm
};

struct Gate {
  std::string_view name;
  Need need;
  std::optional<Reason> (*refusal)(const AssertionCase&);
  Finding (*finding)(const AssertionCase&);
};

// Signature before claims: a forged assertion must not learn from the answer that its claims were
// fine. The grant last: before the proof, its answer would tell strangers which applications exist.
std::span<const Gate> assertion_gates();

} // namespace assay::oauth
