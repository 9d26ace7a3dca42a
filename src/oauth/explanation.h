// Why an assertion would be granted or refused: all gates, not only the first that refuses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/refusal.h"
#include "oauth/assertion.h"
#include "oauth/assertion_policy.h"
#include "oauth/client_authentication.h"
#include "oauth/scope_policy.h"
#include "oauth/token_store.h"
#include "registry/key_cache.h"

namespace assay::oauth {

enum class GateState { passed, failed, not_reached };

std::string_view name(GateState state);

struct GateReport {
  std::string gate;
  GateState state = GateState::not_reached;
  std::optional<Reason> reason; // if it failed
  std::string expected;
  std::string found; // or, of a gate that was not reached, what kept it from being judged
};

// What the token service at `service` would look at.
struct ExplanationParts {
  std::string service;
  AssertionLimits limits;
  AssertionPolicy policy;
  ScopePolicy scopes;
  ApplicationLookup applications;
  registry::KeyCache& keys;
};

struct Explanation {
  // One a gate, in the order in which the token endpoint comes to them.
  std::vector<GateReport> gates;
  // What a second use would have in common with this one; none if there is no jti to tell by.
  std::optional<ReplayClaim> claim;
  std::string scope; // what would be granted, if the scope gate passed

  // Every gate passed; the replay gate, which only the token store can judge, did at least not
  // fail.
  bool passed() const;
};

// Pure. The replay gate is not reached if there is a claim: the caller looks whether it was taken,
// without taking it (TokenStore::seen), and passes that to judge_replay().
Explanation explain(std::string_view assertion, std::optional<std::string_view> scope,
                    const ExplanationParts& parts, TimePoint now);

// `explanation` has a claim, and this is what the token store knows of it.
void judge_replay(Explanation& explanation, bool seen);

} // namespace assay::oauth
