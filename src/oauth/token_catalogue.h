// The port to the token store as a whole: for operators, never on the request's path.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "oauth/token_store.h"

namespace assay::oauth {

struct TokenCount {
  std::uint64_t access = 0;
  std::uint64_t refresh = 0;
};

struct PurgeOutcome {
  std::uint64_t tokens = 0;
  std::uint64_t claims = 0;
};

// Whether the token was revoked together with others (registry/revocation_epochs).
using IsRevoked = std::function<bool(const TokenRecord& record)>;

// Calls block; from any thread but one that runs an io_context. All throw Unavailable.
class TokenCatalogue {
public:
  virtual ~TokenCatalogue() = default;

  // Tokens that are live at `now`: all, or one application's; without those that `is_revoked`
  // names, which makes it look into each record (null: there are none such).
  virtual TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                           const IsRevoked& is_revoked = {}) = 0;

  // The earlier of `now` and what the store's own clock says, if it has one: whoever purges asks
  // for it. Or one node whose clock is ahead would make all forget assertions that are used and
  // good.
  virtual TimePoint agreed_time(TimePoint now) = 0;

  // Forgets what expired at or before `now`, whole time buckets at once where possible. Works in
  // slices of at most 5 ms, between which grants go on.
  virtual PurgeOutcome purge(TimePoint now) = 0;

  // Returns if a grant could be committed now; for readiness. Leaves no trace.
  virtual void check() = 0;
};

} // namespace assay::oauth
