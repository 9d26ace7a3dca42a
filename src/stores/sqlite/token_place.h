// Where the row of a token is.
#pragma once

#include <cstdint>

#include "crypto/digest.h"
#include "oauth/token_store.h"
#include "stores/record_locator.h"
#include "stores/sqlite/bucket_tables.h"

namespace assay::stores {

// The class of the table of tokens that were copied from a store which could not tell their
// locators, as locators know no such class: each look-up goes there as well.
inline constexpr std::uint32_t kAnywhereClass = 32;
inline constexpr BucketId kAnywhereTable{BucketKind::tokens, kAnywhereClass, 0};

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

  // Of one that was copied.
  static TokenPlace of(const oauth::TokenKey& key) {
    if (!key.locator)
      return {.lifetime_class = kAnywhereClass, .bucket = 0, .moment = 0, .digest = key.digest};
    return {.lifetime_class = key.locator->lifetime_class(),
            .bucket = key.locator->bucket(),
            .moment = key.locator->moment(),
            .digest = key.digest};
  }

  // What a holder of the token knows of it. None where its text may have no locator.
  oauth::TokenKey key() const {
    auto locator = oauth::TokenLocator::at(lifetime_class, bucket, moment);
    if (moment == 0) locator.reset();
    return {.digest = digest, .locator = locator};
  }

  static std::int64_t moment_of(const oauth::TokenKey& key) {
    return key.locator ? key.locator->moment() : 0;
  }

  // In that table.
  static std::int64_t moment_in(const BucketId& table, const oauth::TokenKey& key) {
    return table == kAnywhereTable ? 0 : moment_of(key);
  }

  BucketId table() const { return {BucketKind::tokens, lifetime_class, bucket}; }
};

} // namespace assay::stores
