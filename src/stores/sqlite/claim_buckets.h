// Used assertions in the claim tables of one SQLite connection.
#pragma once

#include "oauth/token_store.h"
#include "stores/sqlite/bucket_tables.h"

namespace assay::stores {

// A table a ClaimSpan.
class ClaimBuckets {
public:
  explicit ClaimBuckets(BucketTables& buckets) : buckets_(buckets) {}

  oauth::IssueOutcome take(const oauth::ReplayClaim& claim, TimePoint now);

  bool seen(const oauth::ReplayClaim& claim, TimePoint now);

private:
  BucketTables& buckets_;
};

} // namespace assay::stores
