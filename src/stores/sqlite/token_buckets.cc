#include "stores/sqlite/token_buckets.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "stores/sqlite/sqlite_bytes.h"
#include "stores/sqlite/sqlite_time.h"
#include "stores/token_row.h"

namespace assay::stores {

using oauth::TokenKey;
using oauth::TokenKind;
using oauth::TokenRecord;

namespace {

// What the column `kind` says. 1 is a refresh token that is good for something, as some of the
// statements below have it. What is above is one that was rotated: until when its answer can be
// repeated.
constexpr std::int64_t kAccess = 0;
constexpr std::int64_t kRefresh = 1;
constexpr std::int64_t kRotatedLongAgo = 2;

constexpr BucketQuery kInsert{0,
                              "INSERT INTO $ (moment, digest, kind, client_id, expires_at, record) "
                              "VALUES (?, ?, ?, ?, ?, ?)"};
constexpr BucketQuery kFind{
    1, "SELECT kind, client_id, expires_at, record FROM $ WHERE moment = ? AND digest = ?"};
constexpr BucketQuery kErase{2, "DELETE FROM $ WHERE moment = ? AND digest = ?"};
constexpr BucketQuery kKind{
    3, "SELECT kind FROM $ WHERE moment = ? AND digest = ? AND expires_at > ?"};
constexpr BucketQuery kRotate{4, "UPDATE $ SET kind = ?4 WHERE moment = ?1 AND digest = ?2 AND "
                                 "expires_at > ?3 AND kind = 1"};
constexpr BucketQuery kExtend{5, "UPDATE $ SET expires_at = max(expires_at, ?4) WHERE moment = ?1 "
                                 "AND digest = ?2 AND expires_at > ?3 AND kind = 1"};
constexpr BucketQuery kCount{
    6, "SELECT kind, count(*) FROM $ WHERE expires_at > ?1 AND (?2 = 0 OR client_id = ?3) "
       "AND kind <= 1 GROUP BY kind"};
constexpr BucketQuery kRecords{7, "SELECT kind, client_id, expires_at, record FROM $ WHERE "
                                  "expires_at > ?1 AND (?2 = 0 OR client_id = ?3) AND kind <= 1"};

constexpr BucketQuery kPut{
    8, "INSERT INTO $ (moment, digest, kind, client_id, expires_at, record) "
       "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (moment, digest) DO UPDATE SET kind = excluded.kind, "
       "client_id = excluded.client_id, expires_at = excluded.expires_at, "
       "record = excluded.record"};

// The statement on that table, with the first two parameters bound.
SqliteStatement& keyed(Bucket& bucket, const BucketQuery& query, const TokenKey& key) {
  return bucket.statement(query)
      .bind(TokenPlace::moment_in(bucket.id(), key))
      .bind_bytes(key.digest.bytes());
}

// Of a row of kFind or kRecords; less its key.
TokenRecord record_in(const SqliteStatement& row) {
  TokenRecord record;
  const std::int64_t kind = row.integer(0);
  record.kind = kind == kAccess ? TokenKind::access : TokenKind::refresh;
  record.is_rotated = kind > kRefresh;
  record.client_id = row.text(1);
  record.expires_at = time_from(row.integer(2));
  decode_row(row.bytes(3), record);
  return record;
}

// The row, or none if it is not there or not live.
std::optional<TokenRecord> find_in(Bucket& bucket, const TokenKey& key, TimePoint now) {
  SqliteStatement& row = keyed(bucket, kFind, key);
  const SqliteRows rows(row);
  if (!row.step() || time_from(row.integer(2)) <= now) return std::nullopt;
  std::optional<TokenRecord> record = record_in(row);
  record->key = key;
  return record;
}

std::optional<std::int64_t> kind_in(Bucket& bucket, std::int64_t moment,
                                    const crypto::Digest& digest, TimePoint now) {
  SqliteStatement& row = bucket.statement(kKind);
  const SqliteRows rows(row);
  if (!row.bind(moment).bind_bytes(digest.bytes()).bind(to_sql(now)).step()) return std::nullopt;
  return row.integer(0);
}

void add(oauth::TokenCount& count, std::int64_t kind, std::uint64_t tokens) {
  (kind == kAccess ? count.access : count.refresh) += tokens;
}

void count_kinds(SqliteStatement& row, oauth::TokenCount& count) {
  const SqliteRows rows(row);
  while (row.step())
    add(count, row.integer(0), static_cast<std::uint64_t>(row.integer(1)));
}

} // namespace

void TokenBuckets::insert(const TokenRecord& record) {
  const TokenPlace place = TokenPlace::of(record);
  const TimePoint over_at =
      std::max(locator_of(record).over_at(record.issued_at), record.expires_at);
  const std::string row = encode_row(record);
  keyed(buckets_.made(place.table(), over_at), kInsert, record.key)
      .bind(record.kind == TokenKind::refresh ? kRefresh : kAccess)
      .bind(record.client_id)
      .bind(to_sql(record.expires_at))
      .bind_bytes(bytes_of(row))
      .run();
}

bool TokenBuckets::is_good(const TokenKey& refresh, TimePoint now) {
  return kind_of(refresh, now) == kRefresh;
}

bool TokenBuckets::is_good(const TokenPlace& refresh, TimePoint now) {
  Bucket* const bucket = buckets_.find(refresh.table());
  return bucket && kind_in(*bucket, refresh.moment, refresh.digest, now) == kRefresh;
}

// The table of those from anywhere lasts as long as any of them: by whole days, or each would put
// its end off.
void TokenBuckets::put(const TokenRecord& record, std::optional<TimePoint> repeatable_until) {
  const TokenPlace place = TokenPlace::of(record.key);
  const TimePoint over_at =
      record.key.locator
          ? std::max(record.key.locator->over_at(record.issued_at), record.expires_at)
          : TimePoint(std::chrono::ceil<std::chrono::days>(record.expires_at));
  std::int64_t kind = record.kind == TokenKind::refresh ? kRefresh : kAccess;
  if (record.is_rotated) kind = repeatable_until ? to_sql(*repeatable_until) : kRotatedLongAgo;
  const std::string row = encode_row(record);
  keyed(buckets_.made(place.table(), over_at), kPut, record.key)
      .bind(kind)
      .bind(record.client_id)
      .bind(to_sql(record.expires_at))
      .bind_bytes(bytes_of(row))
      .run();
}

void TokenBuckets::erase(const TokenPlace& place) {
  Bucket* const bucket = buckets_.find(place.table());
  if (bucket) bucket->statement(kErase).bind(place.moment).bind_bytes(place.digest.bytes()).run();
}

std::optional<TimePoint> TokenBuckets::repeatable_until(const TokenKey& refresh, TimePoint now) {
  const auto kind = kind_of(refresh, now);
  if (!kind || *kind <= kRefresh) return std::nullopt;
  return time_from(*kind);
}

std::optional<std::int64_t> TokenBuckets::kind_of(const TokenKey& key, TimePoint now) {
  std::optional<std::int64_t> kind;
  bucket_of(key, [&](Bucket& bucket) {
    kind = kind_in(bucket, TokenPlace::moment_in(bucket.id(), key), key.digest, now);
    return kind.has_value();
  });
  return kind;
}

// One statement looks and marks: nothing that its row says of it is needed.
bool TokenBuckets::rotate(const TokenKey& refresh, TimePoint repeatable_until, TimePoint now) {
  return bucket_of(refresh, [&](Bucket& bucket) {
    return keyed(bucket, kRotate, refresh).bind(to_sql(now)).bind(to_sql(repeatable_until)).run() ==
           1;
  });
}

// Its text says where it lies, so it stays there. The end of its table is put off to that of a
// bucket that began now: so it is not put off at each use.
bool TokenBuckets::extend(const TokenKey& refresh, TimePoint expires_at, TimePoint now) {
  Bucket* const bucket = bucket_of(refresh, [&](Bucket& each) {
    return keyed(each, kExtend, refresh).bind(to_sql(now)).bind(to_sql(expires_at)).run() == 1;
  });
  if (!bucket) return false;
  const TimePoint over_at =
      std::max(oauth::TokenLocator::of(now, expires_at).over_at(now), expires_at);
  const BucketId id = bucket->id();
  buckets_.made(id, over_at);
  return true;
}

std::optional<TokenRecord> TokenBuckets::find(const TokenKey& key, TimePoint now) {
  std::optional<TokenRecord> record;
  bucket_of(key, [&](Bucket& bucket) {
    record = find_in(bucket, key, now);
    return record.has_value();
  });
  if (record && is_revoked(record->family)) return std::nullopt;
  return record;
}

bool TokenBuckets::revoke(const TokenKey& key, TimePoint now) {
  const auto record = find(key, now);
  if (!record) return false;
  if (record->kind == TokenKind::refresh && !record->family.empty()) {
    // Its members lie in many places, and more of them may be on their way: so the name is marked,
    // for as long as a token of it could live.
    families_.put(record->family, buckets_.latest_end(BucketKind::tokens));
    return true;
  }
  bucket_of(key, [&](Bucket& bucket) { return keyed(bucket, kErase, key).run() == 1; });
  return true;
}

template <class Has> Bucket* TokenBuckets::bucket_of(const TokenKey& key, Has has) {
  if (key.locator) {
    const BucketId own{BucketKind::tokens, key.locator->lifetime_class(), key.locator->bucket()};
    for (const BucketId& id : {own, kAnywhereTable})
      if (Bucket* const bucket = buckets_.find(id); bucket && has(*bucket)) return bucket;
    return nullptr;
  }
  for (Bucket& bucket : buckets_.of(BucketKind::tokens))
    if (has(bucket)) return &bucket;
  return nullptr;
}

// Also in buckets that this connection takes for over: another one can have put off their end.
oauth::TokenCount TokenBuckets::count(const std::optional<std::string>& client_id, TimePoint now,
                                      const oauth::IsRevoked& is_revoked) {
  oauth::TokenCount count;
  const auto rows_of = [&](Bucket& bucket, const BucketQuery& query) -> SqliteStatement& {
    SqliteStatement& row = bucket.statement(query);
    row.bind(to_sql(now)).bind(std::int64_t{client_id.has_value()});
    return row.bind(client_id ? std::string_view(*client_id) : std::string_view());
  };
  const bool each = is_revoked || families_.any();
  for (Bucket& bucket : buckets_.of(BucketKind::tokens)) {
    if (each)
      count_each(rows_of(bucket, kRecords), is_revoked, count);
    else
      count_kinds(rows_of(bucket, kCount), count);
  }
  return count;
}

// A look into each record: some are no longer worth anything.
void TokenBuckets::count_each(SqliteStatement& row, const oauth::IsRevoked& is_revoked_too,
                              oauth::TokenCount& count) {
  const SqliteRows rows(row);
  while (row.step()) {
    const TokenRecord record = record_in(row);
    if (is_revoked(record.family) || (is_revoked_too && is_revoked_too(record))) continue;
    add(count, row.integer(0), 1);
  }
}

} // namespace assay::stores
