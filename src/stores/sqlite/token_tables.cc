#include "stores/sqlite/token_tables.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/strict_json.h"

namespace assay::stores {

using oauth::IssueOutcome;
using oauth::TokenKey;
using oauth::TokenKind;
using oauth::TokenRecord;

namespace {

constexpr std::string_view kTokens = "tokens_";
constexpr std::string_view kFamilies = "families_";
constexpr std::string_view kClaims = "claims_";

constexpr std::array<std::string_view, 1> kMigrations{
    "CREATE TABLE buckets (name TEXT PRIMARY KEY, over_at INTEGER NOT NULL) STRICT",
};

// Times are microseconds since 1970.
constexpr std::string_view kTokenColumns =
    "moment INTEGER NOT NULL, digest BLOB NOT NULL, kind INTEGER NOT NULL, service TEXT NOT NULL, "
    "client_id TEXT NOT NULL, subject TEXT NOT NULL, scope TEXT NOT NULL, audience TEXT NOT NULL, "
    "token_type TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, "
    "family TEXT NOT NULL, parameters TEXT NOT NULL, PRIMARY KEY (moment, digest)";
constexpr std::string_view kFamilyColumns =
    "family TEXT NOT NULL, member_table TEXT NOT NULL, moment INTEGER NOT NULL, "
    "digest BLOB NOT NULL, "
    "PRIMARY KEY (family, digest)";
constexpr std::string_view kClaimColumns = "digest BLOB PRIMARY KEY, until INTEGER NOT NULL";

constexpr TableQuery kInsertToken{
    0, "INSERT INTO $ (moment, digest, kind, service, client_id, subject, scope, audience, "
       "token_type, issued_at, expires_at, family, parameters) "
       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr TableQuery kFindToken{
    1, "SELECT kind, service, client_id, subject, scope, audience, token_type, issued_at, "
       "expires_at, family, parameters FROM $ WHERE moment = ? AND digest = ?"};
constexpr TableQuery kEraseToken{2, "DELETE FROM $ WHERE moment = ? AND digest = ?"};
constexpr TableQuery kCountTokens{
    3, "SELECT kind, count(*) FROM $ WHERE expires_at > ?1 AND (?2 = '' OR client_id = ?2) "
       "GROUP BY kind"};
constexpr TableQuery kInsertMember{
    4, "INSERT INTO $ (family, member_table, moment, digest) VALUES (?, ?, ?, ?)"};
constexpr TableQuery kFindMembers{5, "SELECT member_table, moment, digest FROM $ WHERE family = ?"};
constexpr TableQuery kInsertClaim{6, "INSERT OR REPLACE INTO $ (digest, until) VALUES (?, ?)"};
constexpr TableQuery kFindClaim{7, "SELECT until FROM $ WHERE digest = ?"};

std::int64_t to_sql(TimePoint time) { return time.time_since_epoch().count(); }

TimePoint time_from(std::int64_t number) { return TimePoint(std::chrono::microseconds(number)); }

oauth::TokenLocator locator_of(const TokenRecord& record) {
  return oauth::TokenLocator::of(record.issued_at, record.expires_at);
}

// Where in its table a token stands. Those whose text is too short to tell are looked for under 0.
std::int64_t moment_of(const TokenKey& key) { return key.locator ? key.locator->moment() : 0; }

std::string table_of(std::string_view kind, const TokenRecord& record) {
  return fmt::format("{}{}", kind, locator_of(record).number());
}

struct ClaimBucket {
  std::string table;
  TimePoint over_at;
};

// A class takes lifetimes up to a power of eight times 512 seconds, and its buckets are as wide: at
// most two of a class are live, so that a look into all of them is a look into a few tables.
ClaimBucket claim_bucket(TimePoint until, TimePoint now) {
  constexpr std::int64_t kSmallestSeconds = 512;
  constexpr std::int64_t kStep = 8;
  const auto life = std::chrono::ceil<std::chrono::seconds>(until - now).count();
  std::int64_t width = kSmallestSeconds;
  while (width < life)
    width *= kStep;
  const std::int64_t index = unix_seconds(until) / width;
  return {fmt::format("{}{}_{}", kClaims, width, index),
          TimePoint(std::chrono::seconds((index + 1) * width))};
}

std::string to_text(const std::vector<std::pair<std::string, std::string>>& parameters) {
  if (parameters.empty()) return {};
  json::object members;
  for (const auto& [name, value] : parameters)
    members.emplace(name, value);
  return json::serialize(members);
}

std::vector<std::pair<std::string, std::string>> parameters_in(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> parameters;
  if (text.empty()) return parameters;
  const auto members = parse_strict_json(text);
  ASSAY_ASSERT(members && members->is_object(), "the parameters that were written");
  for (const auto& [name, value] : members->get_object())
    parameters.emplace_back(name, value.get_string());
  return parameters;
}

crypto::Digest digest_in(const SqliteStatement& row, int column) {
  const std::string bytes = row.text(column);
  std::array<unsigned char, crypto::Digest::kBytes> array{};
  std::memcpy(array.data(), bytes.data(), std::min(bytes.size(), array.size()));
  return crypto::Digest(array);
}

// Where a token of a family is kept.
struct Member {
  std::string table;
  std::int64_t moment;
  crypto::Digest digest;
};

// A statement that has not come to its end would hold its snapshot, and its tables, for ever.
class Finished {
public:
  explicit Finished(SqliteStatement& statement) : statement_(statement) {}
  ~Finished() { statement_.restart(); }
  Finished(const Finished&) = delete;
  Finished& operator=(const Finished&) = delete;

private:
  SqliteStatement& statement_;
};

} // namespace

void TokenTables::migrate(const SqliteDatabase& database) { database.migrate(kMigrations); }

IssueOutcome TokenTables::issue(const oauth::Issue& issue, TimePoint now) {
  if (issue.claim && claim(*issue.claim, now) == IssueOutcome::used_before)
    return IssueOutcome::used_before;
  insert(issue.access, now);
  if (!issue.refresh) return IssueOutcome::stored;
  insert(*issue.refresh, now);
  join_family(*issue.refresh, issue.access, now);
  return IssueOutcome::stored;
}

IssueOutcome TokenTables::claim(const oauth::ReplayClaim& claim, TimePoint now) {
  if (seen(claim, now)) return IssueOutcome::used_before;
  const ClaimBucket bucket = claim_bucket(claim.acceptable_until, now);
  buckets_.make(bucket.table, kClaimColumns, bucket.over_at);
  buckets_.statement(kInsertClaim, bucket.table)
      .bind_bytes(claim.digest.bytes())
      .bind(to_sql(claim.acceptable_until))
      .run();
  return IssueOutcome::stored;
}

bool TokenTables::seen(const oauth::ReplayClaim& claim, TimePoint now) {
  return std::ranges::any_of(buckets_.names(kClaims), [&](std::string_view table) {
    SqliteStatement& row = buckets_.statement(kFindClaim, table);
    const Finished finished(row);
    return row.bind_bytes(claim.digest.bytes()).step() && time_from(row.integer(0)) > now;
  });
}

std::optional<TokenRecord> TokenTables::find(const TokenKey& key, TimePoint now) {
  for (const std::string& table : tables_of(key)) {
    SqliteStatement& row = buckets_.statement(kFindToken, table);
    const Finished finished(row);
    if (!row.bind(moment_of(key)).bind_bytes(key.digest.bytes()).step()) continue;
    if (time_from(row.integer(8)) <= now) return std::nullopt;
    return TokenRecord{.key = key,
                       .kind = row.integer(0) == 0 ? TokenKind::access : TokenKind::refresh,
                       .service = row.text(1),
                       .client_id = row.text(2),
                       .subject = row.text(3),
                       .scope = row.text(4),
                       .audience = row.text(5),
                       .token_type = row.text(6),
                       .issued_at = time_from(row.integer(7)),
                       .expires_at = time_from(row.integer(8)),
                       .family = row.text(9),
                       .parameters = parameters_in(row.text(10))};
  }
  return std::nullopt;
}

bool TokenTables::revoke(const TokenKey& key, TimePoint now) {
  const auto record = find(key, now);
  if (!record) return false;
  erase(table_of(kTokens, *record), moment_of(key), key.digest);

  const std::string families = table_of(kFamilies, *record);
  if (record->kind == TokenKind::access || !buckets_.has(families)) return true;
  std::vector<Member> members;
  {
    SqliteStatement& row = buckets_.statement(kFindMembers, families);
    const Finished finished(row);
    row.bind(record->family);
    while (row.step())
      members.emplace_back(row.text(0), row.integer(1), digest_in(row, 2));
  }
  for (const Member& member : members)
    erase(member.table, member.moment, member.digest);
  return true;
}

oauth::TokenCount TokenTables::count(const std::optional<std::string>& client_id, TimePoint now) {
  oauth::TokenCount count;
  for (const std::string_view table : buckets_.names(kTokens)) {
    SqliteStatement& row = buckets_.statement(kCountTokens, table);
    const Finished finished(row);
    row.bind(to_sql(now)).bind(client_id.value_or(""));
    while (row.step())
      (row.integer(0) == 0 ? count.access : count.refresh) +=
          static_cast<std::uint64_t>(row.integer(1));
  }
  return count;
}

std::int64_t TokenTables::shrink(const std::string& table, std::int64_t rows_max) {
  const std::string_view key = holds_tokens(table)   ? "moment, digest"
                               : holds_claims(table) ? "digest"
                                                     : "family, digest";
  return buckets_.shrink(table, key, rows_max);
}

void TokenTables::insert(const TokenRecord& record, TimePoint now) {
  const std::string table = table_of(kTokens, record);
  buckets_.make(table, kTokenColumns, locator_of(record).over_at(now));
  buckets_.statement(kInsertToken, table)
      .bind(moment_of(record.key))
      .bind_bytes(record.key.digest.bytes())
      .bind(record.kind == TokenKind::access ? std::int64_t{0} : std::int64_t{1})
      .bind(record.service)
      .bind(record.client_id)
      .bind(record.subject)
      .bind(record.scope)
      .bind(record.audience)
      .bind(record.token_type)
      .bind(to_sql(record.issued_at))
      .bind(to_sql(record.expires_at))
      .bind(record.family)
      .bind(to_text(record.parameters))
      .run();
}

// Beside the refresh token, in a table that ends with it.
void TokenTables::join_family(const TokenRecord& refresh, const TokenRecord& member,
                              TimePoint now) {
  const std::string table = table_of(kFamilies, refresh);
  buckets_.make(table, kFamilyColumns, locator_of(refresh).over_at(now));
  buckets_.statement(kInsertMember, table)
      .bind(refresh.family)
      .bind(table_of(kTokens, member))
      .bind(moment_of(member.key))
      .bind_bytes(member.key.digest.bytes())
      .run();
}

// One, or all if the token's text says nothing of its bucket.
std::vector<std::string> TokenTables::tables_of(const TokenKey& key) const {
  if (!key.locator) {
    const auto names = buckets_.names(kTokens);
    return {names.begin(), names.end()};
  }
  std::string table = fmt::format("{}{}", kTokens, key.locator->number());
  if (!buckets_.has(table)) return {};
  return {std::move(table)};
}

void TokenTables::erase(const std::string& table, std::int64_t moment,
                        const crypto::Digest& digest) {
  if (!buckets_.has(table)) return;
  buckets_.statement(kEraseToken, table).bind(moment).bind_bytes(digest.bytes()).run();
}

bool holds_tokens(std::string_view table) { return table.starts_with(kTokens); }
bool holds_claims(std::string_view table) { return table.starts_with(kClaims); }

} // namespace assay::stores
