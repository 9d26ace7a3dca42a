// Sealed answers in the answer tables of one SQLite connection.
#pragma once

#include <optional>
#include <string>

#include "crypto/digest.h"
#include "oauth/token_store.h"
#include "stores/sqlite/bucket_tables.h"
#include "stores/sqlite/token_place.h"

namespace assay::stores {

// What the first use of a rotated token was answered.
struct AnswerRow {
  TokenPlace successor;
  std::string sealed;
};

// A table an AnswerSpan.
class AnswerBuckets {
public:
  explicit AnswerBuckets(BucketTables& buckets) : buckets_(buckets) {}

  // `rotated` is the digest of the token that was presented, once in its life.
  void put(const crypto::Digest& rotated, const oauth::Rotation& rotation);

  // Of a token that is copied: what there was is replaced.
  void put(const crypto::Digest& rotated, TimePoint repeatable_until, const AnswerRow& answer);

  // `repeatable_until` is what put() was told.
  std::optional<AnswerRow> find(const crypto::Digest& rotated, TimePoint repeatable_until);

private:
  BucketTables& buckets_;
};

} // namespace assay::stores
