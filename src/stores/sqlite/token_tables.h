// Tokens and used assertions in one SQLite connection: the calls of oauth::TokenStore and
// oauth::TokenCatalogue, without their waiting.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/sqlite/answer_buckets.h"
#include "stores/sqlite/bucket_tables.h"
#include "stores/sqlite/claim_buckets.h"
#include "stores/sqlite/token_buckets.h"

namespace assay::stores {

// For one thread, and within a transaction or snapshot.
class TokenTables {
public:
  explicit TokenTables(const SqliteDatabase& database)
      : database_(database), buckets_(database), tokens_(buckets_), claims_(buckets_),
        answers_(buckets_) {}

  // At the beginning of each transaction or snapshot; and after a transaction that was undone.
  void look_again() { buckets_.look_again(); }
  void forget() { buckets_.forget(); }

  oauth::IssueOutcome issue(const oauth::Issue& issue, TimePoint now);
  oauth::IssueOutcome claim(const oauth::ReplayClaim& claim, TimePoint now) {
    return claims_.take(claim, now);
  }
  bool seen(const oauth::ReplayClaim& claim, TimePoint now) { return claims_.seen(claim, now); }
  oauth::Redeemed redeem(const oauth::Redemption& redemption, TimePoint now);
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key, TimePoint now) {
    return tokens_.find(key, now);
  }
  bool revoke(const oauth::TokenKey& key, TimePoint now) { return tokens_.revoke(key, now); }
  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                          const oauth::IsRevoked& is_revoked) {
    return tokens_.count(client_id, now, is_revoked);
  }

  std::vector<BucketId> over(TimePoint now) const { return buckets_.over(now); }
  BucketTables::Shrinkage shrink(const BucketId& id, TimePoint now, std::int64_t rows_max) {
    return buckets_.shrink(id, now, rows_max);
  }

  // Writes what is there already: whether a commit has anywhere to go shows only if there is
  // something to write.
  void rewrite() const;

private:
  bool exchange(const oauth::Redemption& redemption, TimePoint now);
  oauth::Redeemed use_again(const oauth::TokenKey& refresh, TimePoint now);

  const SqliteDatabase& database_;
  BucketTables buckets_;
  TokenBuckets tokens_;
  ClaimBuckets claims_;
  AnswerBuckets answers_;
};

} // namespace assay::stores
