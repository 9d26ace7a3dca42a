// The families of tokens that were revoked, by name: a mark a family instead of a row a token. It
// is few that are revoked, and many that are issued.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "stores/sqlite/bucket_tables.h"

namespace assay::stores {

// Marks that end on the same day lie in one table.
class RevokedFamilies {
public:
  explicit RevokedFamilies(BucketTables& buckets) : buckets_(buckets) {}

  bool any();

  // Costs nothing while none is revoked.
  bool has(std::string_view family);

  // No token of it lives longer than `over_at`.
  void put(std::string_view family, TimePoint over_at);

private:
  BucketTables& buckets_;
};

} // namespace assay::stores
