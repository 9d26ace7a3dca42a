#include "oauth/assertion_verifier.h"

#include <fmt/format.h>

#include "oauth/assertion_gates.h"

namespace assay::oauth {

Result<VerifiedAssertion>
AssertionVerifier::verify(const UnverifiedAssertion& assertion,
                          std::shared_ptr<const registry::Application> sender,
                          TimePoint now) const {
  const AssertionCase given(assertion, sender.get(), policy_, keys_, now);
  for (const Gate& gate : assertion_gates()) {
    const auto reason = gate.refusal(given);
    if (!reason) continue;
    const Finding finding = gate.finding(given);
    return refuse(*reason, fmt::format("expected {}; found {}", finding.expected, finding.found));
  }

  const jose::Claims& claims = assertion.claims;
  std::string subject = claims.subject ? *claims.subject : sender->id;
  return VerifiedAssertion(ProvenSender(std::move(sender), std::move(subject)), claims,
                           given.proof()->id(), *claims.expires_at + policy_.clock_skew);
}

} // namespace assay::oauth
