#include "oauth/explanation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "oauth/assertion_gates.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kWellFormed = "a signed JWT in the compact serialisation";
constexpr std::string_view kUnused = "a jti that was not used before";
constexpr std::string_view kUnreadable = "the assertion cannot be read";
constexpr std::string_view kStranger = "nobody knows who sent it";

GateReport passed(std::string_view gate, std::string_view expected, std::string found) {
  return {std::string(gate), GateState::passed, {}, std::string(expected), std::move(found)};
}

GateReport failed(const Refusal& refusal, std::string_view expected) {
  return {std::string(gate(refusal.reason)), GateState::failed, refusal.reason,
          std::string(expected), refusal.detail};
}

GateReport not_reached(std::string_view gate, std::string_view because) {
  return {std::string(gate), GateState::not_reached, {}, {}, std::string(because)};
}

// What is missing that the gate needs; none if it can be judged.
std::optional<std::string_view> missing(Need need, const AssertionCase& given) {
  if (need == Need::nothing) return std::nullopt;
  if (!given.sender()) return kStranger;
  const auto& none_because = given.keys().none_because;
  const bool has_live_key = !none_because || none_because == Reason::algorithm_not_allowed;
  if (need == Need::live_key && !has_live_key) return "there is no live key";
  if (need == Need::candidate && none_because) return "there is no key to check it with";
  return std::nullopt;
}

GateReport judge(const Gate& gate, const AssertionCase& given) {
  if (const auto because = missing(gate.need, given)) return not_reached(gate.name, *because);
  const auto reason = gate.refusal(given);
  Finding finding = gate.finding(given);
  return {std::string(gate.name), reason ? GateState::failed : GateState::passed, reason,
          std::move(finding.expected), std::move(finding.found)};
}

GateReport judge_scope(const Result<std::string>& decided) {
  constexpr std::string_view kExpected = "scopes that the application may have";
  if (!decided) return failed(decided.error(), kExpected);
  return passed("scope", kExpected, decided->empty() ? "no scope" : *decided);
}

// The claim `iss` is read with the form, but asked for at a gate of its own.
Explanation explain_unreadable(const Refusal& refusal) {
  Explanation explanation;
  auto& gates = explanation.gates;
  const bool is_form = gate(refusal.reason) == "form";
  gates.push_back(is_form ? failed(refusal, kWellFormed) : passed("form", kWellFormed, "one"));
  for (const Gate& each : assertion_gates())
    gates.push_back(each.name == gate(refusal.reason) ? failed(refusal, "the claim iss")
                                                      : not_reached(each.name, kUnreadable));
  gates.push_back(not_reached("scope", kUnreadable));
  gates.push_back(not_reached("replay", kUnreadable));
  return explanation;
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
  const auto assertion = parse_assertion(text, parts.limits);
  if (!assertion) return explain_unreadable(assertion.error());

  Explanation explanation;
  auto& gates = explanation.gates;
  gates.push_back(passed("form", kWellFormed,
                         fmt::format("one with alg {}", name(assertion->jws.header.algorithm))));

  const auto sender = parts.applications(assertion->issuer);
  const AssertionCase given(*assertion, sender.get(), parts.policy, parts.keys, now);
  for (const Gate& gate : assertion_gates())
    gates.push_back(judge(gate, given));
  if (!sender) {
    gates.push_back(not_reached("scope", kStranger));
    gates.push_back(not_reached("replay", kStranger));
    return explanation;
  }

  const jose::Claims& claims = assertion->claims;
  const auto granted = grant_scopes({scope, claims.scope}, *sender, parts.scopes);
  gates.push_back(judge_scope(granted));
  explanation.scope = granted.value_or("");

  if (!claims.id) {
    gates.push_back(passed("replay", kUnused, "no jti to tell by"));
    return explanation;
  }
  gates.push_back(not_reached("replay", "only the server's token store can tell"));
  explanation.claim = replay_claim(parts.service, sender->id, *claims.id,
                                   claims.expires_at.value_or(now) + parts.policy.clock_skew);
  return explanation;
}

void judge_replay(Explanation& explanation, bool seen) {
  ASSAY_ASSERT(explanation.claim, "an explanation with a claim");
  explanation.gates.back() =
      seen ? failed({Reason::assertion_replayed, "a jti that was used before"}, kUnused)
           : passed("replay", kUnused, "a new jti");
}

} // namespace assay::oauth
