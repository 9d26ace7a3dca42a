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
  std::string found;
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
  std::vector<GateReport> gates;
  // What a second use would have in common with this one; none if there is no jti to tell by.
  std::optional<ReplayClaim> claim;
  std::string scope; // what would be granted, if the scope gate passed

  // No gate failed and none was left out but the replay gate, which only the token store can judge.
  bool passed() const;
};

// Pure; the replay gate is left to the caller, as it takes a look into the token store.
Explanation explain(std::string_view assertion, std::optional<std::string_view> scope,
                    const ExplanationParts& parts, TimePoint now);

// The replay gate, once the caller has looked.
GateReport replay_report(const Explanation& explanation, std::optional<bool> seen);

} // namespace assay::oauth
