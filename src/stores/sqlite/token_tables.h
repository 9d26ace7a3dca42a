// Tokens and used assertions in the tables of one SQLite connection. For one thread, and within a
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/sqlite/bucket_tables.h"
#include "stores/sqlite/sqlite_database.h"

namespace assay::stores {

class TokenTables {
public:
  // Brings the schema of a token file up to date.
  static void migrate(const SqliteDatabase& database);

  explicit TokenTables(const SqliteDatabase& database) : buckets_(database) {}

  // At the beginning of each transaction.
  void look_again() { buckets_.look_again(); }

  // The calls of oauth::TokenStore and oauth::TokenCatalogue.
  oauth::IssueOutcome issue(const oauth::Issue& issue, TimePoint now);
  oauth::IssueOutcome claim(const oauth::ReplayClaim& claim, TimePoint now);
  bool seen(const oauth::ReplayClaim& claim, TimePoint now);
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key, TimePoint now);
  bool revoke(const oauth::TokenKey& key, TimePoint now);
  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now);

  // The tables in which nothing is live any more.
  std::vector<std::string> over(TimePoint now) const { return buckets_.over(now); }
  std::int64_t shrink(const std::string& table, std::int64_t rows_max);

private:
  void insert(const oauth::TokenRecord& record, TimePoint now);
  void join_family(const oauth::TokenRecord& refresh, const oauth::TokenRecord& member,
                   TimePoint now);
  std::vector<std::string> tables_of(const oauth::TokenKey& key) const;
  void erase(const std::string& table, std::int64_t moment, const crypto::Digest& digest);

  BucketTables buckets_;
};

// Whether a table that BucketTables::over() names holds tokens, rather than claims or families.
bool holds_tokens(std::string_view table);
bool holds_claims(std::string_view table);

} // namespace assay::stores
