#include "stores/postgres/claiming_call.h"

#include <algorithm>

namespace assay::stores {

namespace {

ClaimingCall& claiming(GroupedCall* call) { return static_cast<ClaimingCall&>(*call); }

bool comes_before(const ClaimingCall& left, const ClaimingCall& right) {
  if (!left.claim || !right.claim) return !left.claim && right.claim;
  return left.claim->digest < right.claim->digest;
}

} // namespace

void sort_by_claims(std::span<GroupedCall*> calls) {
  std::size_t number = 0;
  for (GroupedCall* const each : calls)
    claiming(each).number = number++;
  std::ranges::sort(calls, [](GroupedCall* one, GroupedCall* other) {
    const ClaimingCall& left = claiming(one);
    const ClaimingCall& right = claiming(other);
    if (comes_before(left, right)) return true;
    return !comes_before(right, left) && left.number < right.number;
  });
  const ClaimingCall* leader = nullptr;
  for (GroupedCall* const each : calls) {
    ClaimingCall& call = claiming(each);
    call.follows = call.claim && leader && !comes_before(*leader, call);
    if (call.claim && !call.follows) leader = &call;
  }
}

void add_claims(PostgresParameters& parameters, GroupedCalls calls) {
  PostgresArray digests(PostgresType::bytes);
  PostgresArray ends(PostgresType::number);
  PostgresArray times(PostgresType::number);
  for (GroupedCall* const each : calls) {
    const ClaimingCall& call = claiming(each);
    if (!call.claim || call.follows) continue;
    digests.add(call.claim->digest);
    ends.add(call.claim->acceptable_until);
    times.add(call.now);
  }
  parameters.add(digests).add(ends).add(times);
}

// A claim that was taken a moment ago is used before as long as it lasts; of one that lasted at
// that moment it is known for no later one.
void settle_followers(GroupedCalls calls) {
  const ClaimingCall* leader = nullptr;
  for (GroupedCall* const each : calls) {
    ClaimingCall& call = claiming(each);
    if (!leader || !call.follows) {
      leader = &call;
      continue;
    }
    call.is_used_before = leader->is_used_before ? call.now <= leader->now
                                                 : call.now < leader->claim->acceptable_until;
    call.is_to_be_made_again = !call.is_used_before;
  }
}

} // namespace assay::stores
