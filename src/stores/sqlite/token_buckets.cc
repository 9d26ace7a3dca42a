#include "stores/sqlite/token_buckets.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "stores/sqlite/sqlite_time.h"
#include "stores/sqlite/token_row.h"

namespace assay::stores {

using oauth::TokenKey;
using oauth::TokenKind;
using oauth::TokenRecord;

namespace {

constexpr BucketQuery kInsert{0,
                              "INSERT INTO $ (moment, digest, kind, client_id, expires_at, record) "
                              "VALUES (?, ?, ?, ?, ?, ?)"};
constexpr BucketQuery kFind{
    1, "SELECT kind, client_id, expires_at, record FROM $ WHERE moment = ? AND digest = ?"};
constexpr BucketQuery kErase{2, "DELETE FROM $ WHERE moment = ? AND digest = ?"};
constexpr BucketQuery kCount{
    3, "SELECT kind, count(*) FROM $ WHERE expires_at > ?1 AND (?2 = 0 OR client_id = ?3) "
       "GROUP BY kind"};

constexpr BucketQuery kJoin{0, "INSERT INTO $ (family, moment, digest) VALUES (?, ?, ?)"};
constexpr BucketQuery kMembers{1, "SELECT moment, digest FROM $ WHERE family = ?"};

// What the column says; never another number.
constexpr std::int64_t kAccess = 0;
constexpr std::int64_t kRefresh = 1;

// Where a token lies that is too short to carry a locator, and so is looked for in every bucket.
oauth::TokenLocator locator_of(const TokenRecord& record) {
  return record.key.locator.value_or(oauth::TokenLocator::of(record.issued_at, record.expires_at));
}

std::int64_t moment_of(const TokenKey& key) { return key.locator ? key.locator->moment() : 0; }

BucketId id_of(BucketKind kind, const oauth::TokenLocator& locator) {
  return {kind, locator.lifetime_class(), locator.bucket()};
}

// The row, or none if it is not there or not live.
std::optional<TokenRecord> find_in(Bucket& bucket, const TokenKey& key, TimePoint now) {
  SqliteStatement& row = bucket.statement(kFind);
  const SqliteRows rows(row);
  if (!row.bind(moment_of(key)).bind_bytes(key.digest.bytes()).step()) return std::nullopt;
  const TimePoint expires_at = time_from(row.integer(2));
  if (expires_at <= now) return std::nullopt;
  std::optional<TokenRecord> record(std::in_place);
  record->key = key;
  record->kind = row.integer(0) == kRefresh ? TokenKind::refresh : TokenKind::access;
  record->client_id = row.text(1);
  record->expires_at = expires_at;
  decode_row(row.bytes(3), *record);
  return record;
}

struct Member {
  std::int64_t moment;
  std::array<unsigned char, crypto::Digest::kBytes> digest;
};

std::vector<Member> members_in(Bucket& families, std::string_view family) {
  std::vector<Member> members;
  SqliteStatement& row = families.statement(kMembers);
  const SqliteRows rows(row);
  row.bind(family);
  while (row.step()) {
    Member& member = members.emplace_back(row.integer(0));
    const auto bytes = row.bytes(1);
    std::copy_n(bytes.begin(), std::min(bytes.size(), member.digest.size()), member.digest.begin());
  }
  return members;
}

} // namespace

void TokenBuckets::insert(const TokenRecord& record) {
  const oauth::TokenLocator locator = locator_of(record);
  const TimePoint over_at = std::max(locator.over_at(record.issued_at), record.expires_at);
  const std::string row = encode_row(record);
  buckets_.made(id_of(BucketKind::tokens, locator), over_at)
      .statement(kInsert)
      .bind(moment_of(record.key))
      .bind_bytes(record.key.digest.bytes())
      .bind(record.kind == TokenKind::refresh ? kRefresh : kAccess)
      .bind(record.client_id)
      .bind(to_sql(record.expires_at))
      .bind_bytes({reinterpret_cast<const unsigned char*>(row.data()), row.size()})
      .run();
  if (record.family.empty()) return;

  buckets_.made(id_of(BucketKind::families, locator), over_at)
      .statement(kJoin)
      .bind(record.family)
      .bind(moment_of(record.key))
      .bind_bytes(record.key.digest.bytes())
      .run();
}

std::optional<TokenRecord> TokenBuckets::find(const TokenKey& key, TimePoint now) {
  if (key.locator) {
    Bucket* bucket = buckets_.find(id_of(BucketKind::tokens, *key.locator));
    return bucket ? find_in(*bucket, key, now) : std::nullopt;
  }
  for (Bucket& bucket : buckets_.of(BucketKind::tokens))
    if (auto record = find_in(bucket, key, now)) return record;
  return std::nullopt;
}

bool TokenBuckets::revoke(const TokenKey& key, TimePoint now) {
  const auto record = find(key, now);
  if (!record) return false;
  erase_at(id_of(BucketKind::tokens, locator_of(*record)), moment_of(key), key.digest.bytes());
  if (record->kind == TokenKind::refresh && !record->family.empty()) erase_family(record->family);
  return true;
}

// Its members lie in several buckets: access and refresh tokens live for different times, and each
// use of a refresh token makes new ones.
void TokenBuckets::erase_family(std::string_view family) {
  for (Bucket& families : buckets_.of(BucketKind::families)) {
    const BucketId tokens{BucketKind::tokens, families.id().lifetime_class, families.id().bucket};
    for (const Member& member : members_in(families, family))
      erase_at(tokens, member.moment, member.digest);
  }
}

void TokenBuckets::erase_at(const BucketId& id, std::int64_t moment,
                            std::span<const unsigned char> digest) {
  if (Bucket* bucket = buckets_.find(id))
    bucket->statement(kErase).bind(moment).bind_bytes(digest).run();
}

oauth::TokenCount TokenBuckets::count(const std::optional<std::string>& client_id, TimePoint now) {
  oauth::TokenCount count;
  for (Bucket& bucket : buckets_.of(BucketKind::tokens)) {
    if (bucket.over_at() <= now) continue;
    SqliteStatement& row = bucket.statement(kCount);
    const SqliteRows rows(row);
    row.bind(to_sql(now)).bind(std::int64_t{client_id.has_value()});
    row.bind(client_id ? std::string_view(*client_id) : std::string_view());
    while (row.step())
      (row.integer(0) == kRefresh ? count.refresh : count.access) +=
          static_cast<std::uint64_t>(row.integer(1));
  }
  return count;
}

} // namespace assay::stores
