// The commit of a grant: its tokens are minted and stored together with the claim on its assertion.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/task.h"
#include "base/unavailable.h"
#include "oauth/grant.h"
#include "oauth/proven_sender.h"
#include "oauth/token_minter.h"
#include "oauth/token_service_settings.h"
#include "oauth/token_store.h"

namespace assay::oauth {

// The token store was away: nothing was remembered, so that the assertion could be used again, and
// the token is known to nobody but its reader (StoreOutage::mint).
inline constexpr std::string_view kTokenNotStoredWarning = "token_not_stored";

// Thread-safe.
class TokenIssuance {
public:
  struct Parts {
    TokenMinter minter;
    TokenStore& tokens;
    StoreOutage on_outage;
  };

  struct Order {
    const ProvenSender& sender;
    TokenBounds bounds;
    RefreshToken refresh;
    std::optional<ReplayClaim> claim;
  };

  explicit TokenIssuance(Parts parts) : parts_(std::move(parts)) {}

  // Takes a claim alone, of a client assertion beside the grant. References outlive the tasks.
  Task<IssueOutcome> claim(ReplayClaim claim, TimePoint now, GrantTrace& trace) const;

  // None if the claim was taken before. The claim and the token in one atomic call, so that of two
  // copies of one assertion racing through two nodes exactly one is honoured. Throws Unavailable.
  Task<std::optional<MintedToken>> issue(Order order, TimePoint now, GrantTrace& trace) const;

private:
  void accept_outage(const Unavailable& fault, GrantTrace& trace) const;

  Parts parts_;
};

} // namespace assay::oauth
