#include "oauth/token_issuance.h"

namespace assay::oauth {

Task<IssueOutcome> TokenIssuance::claim(ReplayClaim claim, TimePoint now, GrantTrace& trace) const {
  try {
    co_return co_await parts_.tokens.claim(claim, now);
  } catch (const Unavailable& fault) {
    accept_outage(fault, trace);
  }
  co_return IssueOutcome::stored;
}

Task<std::optional<MintedToken>> TokenIssuance::issue(Order order, TimePoint now,
                                                      GrantTrace& trace) const {
  Mint mint = co_await parts_.minter.mint(order.sender, order.bounds, order.refresh, now);
  note_token(mint.token.access_token, mint.access.key.digest, order.bounds.confirmation, trace);
  try {
    Issue issue{std::move(mint.access), std::move(mint.refresh), order.claim};
    if (co_await parts_.tokens.issue(std::move(issue), now) == IssueOutcome::used_before)
      co_return std::nullopt;
    co_return std::move(mint.token);
  } catch (const Unavailable& fault) {
    accept_outage(fault, trace);
  }
  // Another one: the first may lie in the store in spite of all, but says nothing of an outage.
  Mint unstored = co_await parts_.minter.mint_unstored(order.sender, order.bounds, now);
  note_token(unstored.token.access_token, unstored.access.key.digest, order.bounds.confirmation,
             trace);
  co_return std::move(unstored.token);
}

// Throws on where an outage is none to the service. A queue that is full is no outage: whoever
// fills it would switch off the memory of used assertions.
void TokenIssuance::accept_outage(const Unavailable& fault, GrantTrace& trace) const {
  const bool overloaded = dynamic_cast<const Overloaded*>(&fault) != nullptr;
  if (overloaded || parts_.on_outage == StoreOutage::refuse) throw;
  trace.warning = kTokenNotStoredWarning;
}

} // namespace assay::oauth
