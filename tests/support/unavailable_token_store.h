// A token store that never answers.
#pragma once

#include "base/unavailable.h"
#include "oauth/token_store.h"

namespace assay::testing {

class UnavailableTokenStore final : public oauth::TokenStore {
public:
  Task<oauth::IssueOutcome> issue(oauth::Issue, TimePoint) override { throw fault(); }
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim, TimePoint) override { throw fault(); }
  Task<bool> seen(oauth::ReplayClaim, TimePoint) override { throw fault(); }
  Task<oauth::Redeemed> redeem(oauth::Redemption, TimePoint) override { throw fault(); }
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey, TimePoint) override {
    throw fault();
  }
  Task<bool> revoke(oauth::TokenKey, TimePoint) override { throw fault(); }

private:
  static Unavailable fault() { return Unavailable("the store is down"); }
};

} // namespace assay::testing
