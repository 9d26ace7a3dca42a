#include "oauth/explanation.h"

#include <algorithm>

#include "base/assert.h"
#include "oauth/assertion_gates.h"

namespace assay::oauth {

namespace {

GateReport failed(const Refusal& refusal, std::string expected) {
  return {std::string(gate(refusal.reason)), GateState::failed, refusal.reason, std::move(expected),
          refusal.detail};
}

GateReport not_reached(std::string_view gate, std::string why) {
  return {std::string(gate), GateState::not_reached, {}, {}, std::move(why)};
}

GateReport judge(const Gate& gate, const AssertionCase& given) {
  if (gate.needs_sender && !given.sender())
    return not_reached(gate.name, "nobody knows who sent it");
  // Without a candidate there is nothing that the signature could be checked with.
  if (gate.name == "signature" && given.keys().candidates.empty())
    return not_reached(gate.name, "there is no key to check it with");
  const auto reason = gate.refusal(given);
  Finding finding = gate.finding(given);
  return {std::string(gate.name), reason ? GateState::failed : GateState::passed, reason,
          std::move(finding.expected), std::move(finding.found)};
}

GateReport judge_scope(const AssertionCase& given, std::optional<std::string_view> scope,
                       const ExplanationParts& parts, std::string& granted) {
  if (!given.sender()) return not_reached("scope", "nobody knows who sent it");
  const auto decided = grant_scopes({scope, given.claims().scope}, *given.sender(), parts.scopes);
  std::string expected = "scopes that the application has registered";
  if (!decided) return failed(decided.error(), std::move(expected));
  granted = *decided;
  return {
      "scope", GateState::passed, {}, std::move(expected), granted.empty() ? "no scope" : granted};
}

} // namespace

std::string_view name(GateState state) {
  switch (state) {
  case GateState::passed: return "passed";
  case GateState::failed: return "failed";
  case GateState::not_reached: return "not reached";
  }
  ASSAY_ASSERT(false, "a GateState");
}

bool Explanation::passed() const {
  return std::ranges::all_of(gates, [](const GateReport& report) {
    return report.state == GateState::passed ||
           (report.state == GateState::not_reached && report.gate == "replay");
  });
}

Explanation explain(std::string_view text, std::optional<std::string_view> scope,
                    const ExplanationParts& parts, TimePoint now) {
  Explanation explanation;
  const std::string form = "a signed JWT in the compact serialisation, with iss";
  const auto assertion = parse_assertion(text, parts.limits);
  if (!assertion) {
    explanation.gates.push_back(failed(assertion.error(), form));
    for (const Gate& gate : assertion_gates())
      explanation.gates.push_back(not_reached(gate.name, "the assertion cannot be read"));
    explanation.gates.push_back(not_reached("scope", "the assertion cannot be read"));
    return explanation;
  }
  explanation.gates.push_back({"form", GateState::passed, {}, form, "one"});

  const auto sender = parts.applications(assertion->issuer);
  const AssertionCase given(*assertion, sender.get(), parts.policy, parts.keys, now);
  for (const Gate& gate : assertion_gates())
    explanation.gates.push_back(judge(gate, given));
  explanation.gates.push_back(judge_scope(given, scope, parts, explanation.scope));

  if (sender && assertion->claims.id)
    explanation.claim =
        replay_claim(parts.service, sender->id, *assertion->claims.id,
                     assertion->claims.expires_at.value_or(now) + parts.policy.clock_skew);
  return explanation;
}

GateReport replay_report(const Explanation& explanation, std::optional<bool> seen) {
  std::string expected = "a jti that was not used before";
  if (!explanation.claim)
    return {"replay", GateState::passed, {}, std::move(expected), "no jti to tell by"};
  if (!seen)
    return not_reached("replay", "only the running server knows: the token store is in its memory");
  if (*seen)
    return {"replay", GateState::failed, Reason::assertion_replayed, std::move(expected),
            "a jti that was used before"};
  return {"replay", GateState::passed, {}, std::move(expected), "a new jti"};
}

} // namespace assay::oauth
