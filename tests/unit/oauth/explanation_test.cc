#include "oauth/explanation.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

using Names = std::vector<std::string>;

const Names kGates{"form",    "issuer",   "application", "key",   "algorithm",  "signature",
                   "type",    "audience", "expiry",      "life",  "not_before", "issued_at",
                   "subject", "jti",      "grant",       "scope", "replay"};

Names gates_of(const Explanation& explanation) {
  Names names;
  for (const GateReport& report : explanation.gates)
    names.push_back(report.gate);
  return names;
}

Names gates_in(const Explanation& explanation, GateState state) {
  Names names;
  for (const GateReport& report : explanation.gates)
    if (report.state == state) names.push_back(report.gate);
  return names;
}

const GateReport& report_of(const Explanation& explanation, std::string_view gate) {
  return *std::ranges::find(explanation.gates, gate, &GateReport::gate);
}

class Explaining : public ::testing::Test {
protected:
  Explanation explain(const std::string& text, std::optional<std::string_view> scope = {}) {
    return oauth::explain(text, scope,
                          {.service = kService,
                           .limits = {},
                           .policy = grant_policy(),
                           .scopes = {},
                           .applications = lookup_of(application_),
                           .keys = keys_},
                          kNow);
  }

  registry::Application application_ = billing();
  registry::KeyCache keys_{100};
};

TEST_F(Explaining, ListsEveryGateInOrder) {
  EXPECT_EQ(gates_of(explain(assertion_by_billing())), kGates);
  EXPECT_EQ(gates_of(explain(assertion_with(claims_with("iss", "stranger")))), kGates);
  EXPECT_EQ(gates_of(explain(assertion_with(claims_without("iss")))), kGates);
  EXPECT_EQ(gates_of(explain("nonsense")), kGates);
}

TEST_F(Explaining, PassesAGoodAssertion) {
  const auto explanation = explain(assertion_by_billing());
  EXPECT_TRUE(explanation.passed());
  EXPECT_EQ(gates_in(explanation, GateState::failed), Names{});
  EXPECT_EQ(gates_in(explanation, GateState::not_reached), Names{"replay"});
  EXPECT_EQ(explanation.scope, "invoices.read");
}

TEST_F(Explaining, RunsEveryGateWhereTheEndpointStopsAtTheFirst) {
  json::object claims = claims_with("aud", "elsewhere");
  claims["exp"] = seconds_after_now(-31);
  claims["sub"] = "nobody";
  const auto explanation = explain(assertion_with(claims), "payroll");
  EXPECT_FALSE(explanation.passed());
  EXPECT_EQ(gates_in(explanation, GateState::failed),
            (Names{"audience", "expiry", "subject", "scope"}));
  EXPECT_EQ(report_of(explanation, "audience").reason, Reason::audience_mismatch);
  EXPECT_EQ(report_of(explanation, "audience").found, "elsewhere");
}

TEST_F(Explaining, SaysWhatIsExpectedAndFoundOfEveryGateThatWasJudged) {
  for (const GateReport& report : explain(assertion_by_billing()).gates) {
    EXPECT_FALSE(report.found.empty()) << report.gate;
    if (report.state == GateState::passed) EXPECT_FALSE(report.expected.empty()) << report.gate;
  }
}

TEST_F(Explaining, JudgesNothingOfTheSenderIfNobodyKnowsWhoSentIt) {
  const auto explanation = explain(assertion_with(claims_with("iss", "stranger")));
  EXPECT_EQ(gates_in(explanation, GateState::failed), Names{"issuer"});
  EXPECT_EQ(gates_in(explanation, GateState::not_reached),
            (Names{"application", "key", "algorithm", "signature", "subject", "grant", "scope",
                   "replay"}));
  EXPECT_FALSE(explanation.claim);
}

TEST_F(Explaining, JudgesNothingOfWhatCannotBeRead) {
  const auto explanation = explain("nonsense");
  EXPECT_EQ(gates_in(explanation, GateState::failed), Names{"form"});
  EXPECT_EQ(gates_in(explanation, GateState::passed), Names{});
  EXPECT_FALSE(explanation.passed());
}

TEST_F(Explaining, FindsAMissingIssuerAtItsOwnGate) {
  const auto explanation = explain(assertion_with(claims_without("iss")));
  EXPECT_EQ(gates_in(explanation, GateState::failed), Names{"issuer"});
  EXPECT_EQ(report_of(explanation, "issuer").reason, Reason::issuer_missing);
  EXPECT_EQ(gates_in(explanation, GateState::passed), Names{"form"});
}

TEST_F(Explaining, JudgesNeitherAlgorithmNorSignatureWithoutALiveKey) {
  application_.keys.front().enabled = false;
  const auto explanation = explain(assertion_by_billing());
  EXPECT_EQ(gates_in(explanation, GateState::failed), Names{"key"});
  EXPECT_EQ(gates_in(explanation, GateState::not_reached),
            (Names{"algorithm", "signature", "replay"}));
  EXPECT_EQ(report_of(explanation, "key").found, "ec-1 (disabled)");
}

TEST_F(Explaining, JudgesNoSignatureByAnAlgorithmThatIsNotAllowed) {
  application_.algorithms = {jose::Algorithm::rs256};
  const auto explanation = explain(assertion_by_billing());
  EXPECT_EQ(gates_in(explanation, GateState::failed), Names{"algorithm"});
  EXPECT_EQ(gates_in(explanation, GateState::not_reached), (Names{"signature", "replay"}));
}

TEST_F(Explaining, JudgesTheScopeThatIsAskedFor) {
  EXPECT_EQ(explain(assertion_by_billing(), "invoices.write nothing").scope, "invoices.write");
  const auto refused = explain(assertion_by_billing(), "nothing");
  EXPECT_EQ(report_of(refused, "scope").reason, Reason::scope_not_allowed);
  EXPECT_EQ(refused.scope, "");
}

TEST_F(Explaining, LooksForTheClaimThatTheGrantWouldTake) {
  const auto explanation = explain(assertion_by_billing());
  ASSERT_TRUE(explanation.claim);
  EXPECT_EQ(explanation.claim->digest, replay_claim(kService, "billing", "jti-1", kNow).digest);
  EXPECT_EQ(explanation.claim->acceptable_until, kNow + 150s);
}

TEST_F(Explaining, LeavesTheReplayToWhoeverCanLook) {
  auto fresh = explain(assertion_by_billing());
  judge_replay(fresh, false);
  EXPECT_EQ(report_of(fresh, "replay").state, GateState::passed);
  EXPECT_TRUE(fresh.passed());

  auto used = explain(assertion_by_billing());
  judge_replay(used, true);
  EXPECT_EQ(report_of(used, "replay").reason, Reason::assertion_replayed);
  EXPECT_FALSE(used.passed());
  EXPECT_EQ(gates_of(used), kGates);
}

TEST_F(Explaining, PassesTheReplayWithoutAJtiToTellBy) {
  const auto explanation = explain(assertion_with(claims_without("jti")));
  EXPECT_FALSE(explanation.claim);
  EXPECT_EQ(report_of(explanation, "replay").state, GateState::passed);
}

TEST_F(Explaining, AgreesWithTheVerifierOnWhatFailsFirst) {
  const std::map<std::string, std::string> texts{
      {"good", assertion_by_billing()},
      {"audience", assertion_with(claims_with("aud", "elsewhere"))},
      {"expiry", assertion_with(claims_without("exp"))},
      {"subject", assertion_with(claims_with("sub", "nobody"))},
      {"type", assertion_with(claims_by_billing(), {{"typ", "at+jwt"}})},
      {"stranger", assertion_with(claims_with("iss", "stranger"))}};
  for (const auto& [name, text] : texts) {
    const auto explanation = explain(text);
    const auto failed = std::ranges::find(explanation.gates, GateState::failed, &GateReport::state);
    const auto reason =
        failed == explanation.gates.end() ? std::optional<Reason>() : failed->reason;
    EXPECT_EQ(reason, Judge().reason(text)) << name;
  }
}

TEST_F(Explaining, QuotesNeitherAssertionNorSignature) {
  const std::string text = assertion_with(claims_with("aud", "elsewhere"));
  for (const GateReport& report : explain(text).gates)
    for (std::size_t at = 0; at + 20 < text.size(); at += 20)
      EXPECT_FALSE((report.expected + report.found).contains(text.substr(at, 20))) << report.gate;
}

// Of all gates only the replay's may be left to the token store.
TEST(Explanation, PassesNothingThatWasNotJudged) {
  Explanation explanation;
  explanation.gates.resize(1);
  explanation.gates[0].gate = "replay";
  EXPECT_TRUE(explanation.passed());
  explanation.gates[0].gate = "signature";
  EXPECT_FALSE(explanation.passed());
}

TEST(GateStates, HaveNames) {
  EXPECT_EQ(name(GateState::passed), "passed");
  EXPECT_EQ(name(GateState::failed), "failed");
  EXPECT_EQ(name(GateState::not_reached), "not reached");
}

} // namespace
} // namespace assay::oauth
