// Token records in the token tables of one SQLite connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/sqlite/bucket_tables.h"
#include "stores/sqlite/revoked_families.h"
#include "stores/sqlite/token_place.h"

namespace assay::stores {

class TokenBuckets {
public:
  explicit TokenBuckets(BucketTables& buckets) : buckets_(buckets), families_(buckets) {}

  void insert(const oauth::TokenRecord& record);

  // Whether the family was revoked: none of its tokens is there any more, whatever its row says.
  bool is_revoked(std::string_view family) { return !family.empty() && families_.has(family); }

  // A refresh token is good if its row is live and was not rotated; of its family they know
  // nothing. The two that change it change nothing, and give false, if there is no such.
  bool is_good(const oauth::TokenKey& refresh, TimePoint now);
  bool is_good(const TokenPlace& refresh, TimePoint now);
  bool rotate(const oauth::TokenKey& refresh, TimePoint repeatable_until, TimePoint now);
  bool extend(const oauth::TokenKey& refresh, TimePoint expires_at, TimePoint now);

  // Of one that is copied: the row becomes that, whatever there was. Of one that was rotated, with
  // the time until which its answer can be repeated, if it can.
  void put(const oauth::TokenRecord& record, std::optional<TimePoint> repeatable_until);
  void erase(const TokenPlace& place);

  // Of one that was rotated, what rotate() was told; else none.
  std::optional<TimePoint> repeatable_until(const oauth::TokenKey& refresh, TimePoint now);

  // As oauth::TokenStore and oauth::TokenCatalogue have it.
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key, TimePoint now);
  bool revoke(const oauth::TokenKey& key, TimePoint now);
  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                          const oauth::IsRevoked& is_revoked);

private:
  // Null if there is none that `has` it.
  template <class Has> Bucket* bucket_of(const oauth::TokenKey& key, Has has);
  void count_each(SqliteStatement& row, const oauth::IsRevoked& is_revoked_too,
                  oauth::TokenCount& count);
  std::optional<std::int64_t> kind_of(const oauth::TokenKey& key, TimePoint now);

  BucketTables& buckets_;
  RevokedFamilies families_;
};

} // namespace assay::stores
