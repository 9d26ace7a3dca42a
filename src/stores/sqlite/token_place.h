// Where the row of a token is.
#pragma once

#include <cstdint>

#include "crypto/digest.h"
#include "oauth/token_store.h"
#include "stores/record_locator.h"
#include "stores/sqlite/bucket_tables.h"

namespace assay::stores {

struct TokenPlace {
  std::uint32_t lifetime_class;
  std::int64_t bucket;
  std::int64_t moment;
  crypto::Digest digest;

  // Of a record that is new.
  static TokenPlace of(const oauth::TokenRecord& record) {
    const oauth::TokenLocator locator = locator_of(record);
    return {.lifetime_class = locator.lifetime_class(),
            .bucket = locator.bucket(),
            .moment = moment_of(record.key),
            .digest = record.key.digest};
  }

  static std::int64_t moment_of(const oauth::TokenKey& key) {
    return key.locator ? key.locator->moment() : 0;
  }

  BucketId table() const { return {BucketKind::tokens, lifetime_class, bucket}; }
};

} // namespace assay::stores
