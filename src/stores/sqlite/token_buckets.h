// Token records in the token tables of one SQLite connection.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/sqlite/bucket_tables.h"

namespace assay::stores {

class TokenBuckets {
public:
  explicit TokenBuckets(BucketTables& buckets) : buckets_(buckets) {}

  void insert(const oauth::TokenRecord& record);

  // As oauth::TokenStore and oauth::TokenCatalogue have it.
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key, TimePoint now);
  bool revoke(const oauth::TokenKey& key, TimePoint now);
  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now);

private:
  void erase_family(std::string_view family);
  void erase_at(const BucketId& id, std::int64_t moment, std::span<const unsigned char> digest);

  BucketTables& buckets_;
};

} // namespace assay::stores
