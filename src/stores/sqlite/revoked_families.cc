#include "stores/sqlite/revoked_families.h"

#include <algorithm>
#include <chrono>

namespace assay::stores {

namespace {

constexpr BucketQuery kHas{0, "SELECT 1 FROM $ WHERE family = ?"};
constexpr BucketQuery kPut{1, "INSERT INTO $ (family) VALUES (?) ON CONFLICT DO NOTHING"};

} // namespace

bool RevokedFamilies::any() { return !buckets_.of(BucketKind::revoked).empty(); }

bool RevokedFamilies::has(std::string_view family) {
  return std::ranges::any_of(buckets_.of(BucketKind::revoked), [&](Bucket& bucket) {
    SqliteStatement& row = bucket.statement(kHas);
    const SqliteRows rows(row);
    return row.bind(family).step();
  });
}

void RevokedFamilies::put(std::string_view family, TimePoint over_at) {
  const auto day = std::chrono::floor<std::chrono::days>(over_at);
  const BucketId id{BucketKind::revoked, 0, day.time_since_epoch().count()};
  buckets_.made(id, day + std::chrono::days(1)).statement(kPut).bind(family).run();
}

} // namespace assay::stores
