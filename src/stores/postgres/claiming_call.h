// Calls that take the claim of an assertion, many in one statement.
#pragma once

#include <optional>

#include "oauth/token_store.h"
#include "stores/postgres/grouped_call.h"

namespace assay::stores {

struct ClaimingCall : GroupedCall {
  ClaimingCall(const GroupStatement& given, const std::optional<oauth::ReplayClaim>& taken,
               TimePoint called_at)
      : GroupedCall(given), claim(taken), now(called_at) {}

  std::optional<oauth::ReplayClaim> claim;
  TimePoint now;
  // That an earlier one of the group has the same claim: not sent at all, as that one's answer
  // decides of it.
  bool follows = false;
  bool is_used_before = false;
  std::size_t number = 0; // in the order of their coming
};

// In the order of the claims, which two groups are never to take in different orders; and of equal
// ones in that of their coming. Tells those that follow.
void sort_by_claims(std::span<GroupedCall*> calls);

// The claims of those that do not follow: digests, ends, and when they are taken.
void add_claims(PostgresParameters& parameters, GroupedCalls calls);

// Decides of those that follow, once `is_used_before` is told of the others.
void settle_followers(GroupedCalls calls);

inline std::optional<std::string_view> claim_of(const ClaimingCall& call) {
  if (!call.claim) return std::nullopt;
  return view_of(call.claim->digest);
}

} // namespace assay::stores
