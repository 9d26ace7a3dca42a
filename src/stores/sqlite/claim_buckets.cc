#include "stores/sqlite/claim_buckets.h"

#include <algorithm>

#include "stores/claim_span.h"
#include "stores/sqlite/sqlite_time.h"

namespace assay::stores {

using oauth::IssueOutcome;

namespace {

constexpr BucketQuery kFind{0, "SELECT until FROM $ WHERE digest = ?"};

// Changes nothing if the claim that is there has not ended.
constexpr BucketQuery kTake{1, "INSERT INTO $ (digest, until) VALUES (?1, ?2) ON CONFLICT (digest) "
                               "DO UPDATE SET until = excluded.until WHERE until <= ?3"};

bool is_in(Bucket& bucket, const oauth::ReplayClaim& claim, TimePoint now) {
  if (bucket.over_at() <= now) return false;
  SqliteStatement& row = bucket.statement(kFind);
  const SqliteRows rows(row);
  return row.bind_bytes(claim.digest.bytes()).step() && time_from(row.integer(0)) > now;
}

} // namespace

IssueOutcome ClaimBuckets::take(const oauth::ReplayClaim& claim, TimePoint now) {
  const ClaimSpan span = ClaimSpan::of(claim, now);
  const BucketId own{BucketKind::claims, span.lifetime_class, span.index};
  for (Bucket& other : buckets_.of(BucketKind::claims))
    if (other.id() != own && is_in(other, claim, now)) return IssueOutcome::used_before;

  const auto taken = buckets_.made(own, span.over_at())
                         .statement(kTake)
                         .bind_bytes(claim.digest.bytes())
                         .bind(to_sql(claim.acceptable_until))
                         .bind(to_sql(now))
                         .run();
  return taken == 1 ? IssueOutcome::stored : IssueOutcome::used_before;
}

bool ClaimBuckets::seen(const oauth::ReplayClaim& claim, TimePoint now) {
  return std::ranges::any_of(buckets_.of(BucketKind::claims),
                             [&](Bucket& bucket) { return is_in(bucket, claim, now); });
}

} // namespace assay::stores
