// A token store that never answers, or has too much to do.
#pragma once

#include "base/unavailable.h"
#include "oauth/token_store.h"

namespace assay::testing {

class UnavailableTokenStore final : public oauth::TokenStore {
public:
  bool is_overloaded = false;

  Task<oauth::IssueOutcome> issue(oauth::Issue, TimePoint) override { fail(); }
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim, TimePoint) override { fail(); }
  Task<bool> seen(oauth::ReplayClaim, TimePoint) override { fail(); }
  Task<oauth::Redeemed> redeem(oauth::Redemption, TimePoint) override { fail(); }
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey, TimePoint) override { fail(); }
  Task<bool> revoke(oauth::TokenKey, TimePoint) override { fail(); }

private:
  [[noreturn]] void fail() const {
    if (is_overloaded) throw Overloaded("too much waits already");
    throw Unavailable("the store is down");
  }
};

} // namespace assay::testing
