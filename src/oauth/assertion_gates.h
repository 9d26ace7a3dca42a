// The checks that an assertion passes, in their order, as one table of pure functions: the token
// endpoint stops at the first that refuses, `assay explain` runs them all.
#pragma once

#include <memory>
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
  const KeyChoice& keys() const { return keys_; }

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
  TimePoint now_;
  KeyChoice keys_;
  mutable bool proof_sought_ = false;
  mutable const Candidate* proof_ = nullptr;
};

// For people: what would have passed, and what was there. Never a key, a token or a signature.
struct Finding {
  std::string expected;
  std::string found;
};

struct Gate {
  std::string_view name;
  std::optional<Reason> (*refusal)(const AssertionCase&);
  Finding (*finding)(const AssertionCase&);
  bool needs_sender; // cannot be judged while nobody knows who sent it
};

// Signature before claims: a forged assertion must not learn from the answer that its claims were
// fine. The grant last: before the proof, its answer would tell strangers which applications exist.
std::span<const Gate> assertion_gates();

} // namespace assay::oauth
