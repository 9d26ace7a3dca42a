#include "stores/sqlite/bucket_tables.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "stores/sqlite/sqlite_time.h"

namespace assay::stores {

namespace {

struct Layout {
  BucketKind kind;
  std::string_view name;
  std::string_view columns;
  std::string_view key;
};

// Times are microseconds since 1970. Of a record, what is counted and searched by has columns of
// its own; token_row.h says what is in the rest.
constexpr std::array kLayouts{
    Layout{BucketKind::tokens, "tokens",
           "moment INTEGER NOT NULL, digest BLOB NOT NULL, kind INTEGER NOT NULL, "
           "client_id TEXT NOT NULL, expires_at INTEGER NOT NULL, record BLOB NOT NULL, "
           "PRIMARY KEY (moment, digest)",
           "moment, digest"},
    // Nothing writes or reads these any more: earlier versions did, and they must go.
    Layout{BucketKind::families, "families",
           "family TEXT NOT NULL, moment INTEGER NOT NULL, digest BLOB NOT NULL, "
           "PRIMARY KEY (family, moment, digest)",
           "family, moment, digest"},
    Layout{BucketKind::revoked, "revoked", "family TEXT PRIMARY KEY", "family"},
    Layout{BucketKind::claims, "claims", "digest BLOB PRIMARY KEY, until INTEGER NOT NULL",
           "digest"},
    // In the order of their ends, which is nearly that in which they come: neighbours share a page.
    Layout{BucketKind::answers, "answers",
           "until INTEGER NOT NULL, digest BLOB NOT NULL, class INTEGER NOT NULL, "
           "bucket INTEGER NOT NULL, moment INTEGER NOT NULL, successor BLOB NOT NULL, "
           "sealed BLOB NOT NULL, PRIMARY KEY (until, digest)",
           "until, digest"},
};

const Layout& layout(BucketKind kind) { return *std::ranges::find(kLayouts, kind, &Layout::kind); }

constexpr std::array<std::string_view, 2> kMigrations{
    "CREATE TABLE buckets (kind TEXT NOT NULL, class INTEGER NOT NULL, bucket INTEGER NOT NULL, "
    "over_at INTEGER NOT NULL, PRIMARY KEY (kind, class, bucket)) STRICT, WITHOUT ROWID",
    // Nothing to do: but an older program would take a rotated refresh token for an access token.
    "SELECT 0",
};

constexpr std::int32_t kApplicationId = 0x4173546B; // "AsTk"

constexpr TimePoint kForever = TimePoint::max();

SqliteStatement& bind_id(SqliteStatement& statement, const BucketId& id) {
  return statement.bind(layout(id.kind).name).bind(std::int64_t{id.lifetime_class}).bind(id.bucket);
}

} // namespace

std::string BucketId::table() const {
  return fmt::format("{}_{}_{}", layout(kind).name, lifetime_class, bucket);
}

SqliteStatement& Bucket::statement(const BucketQuery& query) {
  auto& kept = statements_[query.slot];
  if (kept) return kept->restart();
  const std::size_t mark = query.sql.find('$');
  return kept.emplace(database_.prepare(
      fmt::format("{}{}{}", query.sql.substr(0, mark), id_.table(), query.sql.substr(mark + 1))));
}

SqliteSchema BucketTables::schema() { return {kApplicationId, kMigrations}; }

// Tables that are still there keep their statements: SQLite prepares them anew by itself.
void BucketTables::look_again() {
  const SqliteRows version(schema_version_);
  schema_version_.step();
  if (schema_version_.integer(0) == seen_version_) return;

  std::map<BucketId, Bucket> buckets;
  for (const auto& [id, over_at] : list(kForever)) {
    if (auto known = buckets_.extract(id)) {
      known.mapped().over_at_ = over_at;
      buckets.insert(std::move(known));
    } else {
      buckets.try_emplace(id, database_, id, over_at);
    }
  }
  buckets_ = std::move(buckets);
  seen_version_ = schema_version_.integer(0);
}

void BucketTables::forget() {
  buckets_.clear();
  seen_version_ = -1;
}

Bucket* BucketTables::find(const BucketId& id) {
  const auto found = buckets_.find(id);
  return found == buckets_.end() ? nullptr : &found->second;
}

Bucket& BucketTables::made(const BucketId& id, TimePoint over_at) {
  Bucket* known = find(id);
  if (known && known->over_at_ >= over_at) return *known;

  if (!known)
    database_.execute(fmt::format("CREATE TABLE {} ({}) STRICT, WITHOUT ROWID", id.table(),
                                  layout(id.kind).columns));
  // A bucket's number comes round again after a few days at the least: what is put into one that
  // was not purged meanwhile must not go with what is left in it.
  auto listed = database_.prepare("INSERT INTO buckets (kind, class, bucket, over_at) "
                                  "VALUES (?, ?, ?, ?) ON CONFLICT (kind, class, bucket) "
                                  "DO UPDATE SET over_at = max(over_at, excluded.over_at)");
  bind_id(listed, id).bind(to_sql(over_at)).run();
  if (known) {
    known->over_at_ = over_at;
    return *known;
  }
  look_again();
  return *find(id);
}

TimePoint BucketTables::latest_end(BucketKind kind) const {
  auto listed = database_.prepare("SELECT coalesce(max(over_at), 0) FROM buckets WHERE kind = ?");
  listed.bind(layout(kind).name).step();
  return time_from(listed.integer(0));
}

// Asks the list itself: another process can have put off a bucket's end without a change of the
// schema.
std::vector<BucketId> BucketTables::over(TimePoint now) const {
  std::vector<BucketId> over;
  for (const auto& [id, over_at] : list(now))
    over.push_back(id);
  return over;
}

BucketTables::Shrinkage BucketTables::shrink(const BucketId& id, TimePoint now,
                                             std::int64_t rows_max) {
  if (!find(id) || !is_over(id, now)) return {.rows = 0, .dropped = true};
  const std::string table = id.table();
  auto slice = database_.prepare(fmt::format(
      "DELETE FROM {0} WHERE ({1}) IN (SELECT {1} FROM {0} LIMIT ?)", table, layout(id.kind).key));
  const std::int64_t deleted = slice.bind(rows_max).run();
  const Shrinkage shrinkage{.rows = static_cast<std::uint64_t>(deleted),
                            .dropped = deleted < rows_max};
  if (shrinkage.dropped) drop(id);
  return shrinkage;
}

// Those that are over at `now`.
std::vector<std::pair<BucketId, TimePoint>> BucketTables::list(TimePoint now) const {
  std::vector<std::pair<BucketId, TimePoint>> listed;
  auto rows =
      database_.prepare("SELECT kind, class, bucket, over_at FROM buckets WHERE over_at <= ?");
  rows.bind(to_sql(now));
  while (rows.step()) {
    const auto known = std::ranges::find(kLayouts, rows.text(0), &Layout::name);
    if (known == kLayouts.end()) continue;
    listed.emplace_back(
        BucketId{known->kind, static_cast<std::uint32_t>(rows.integer(1)), rows.integer(2)},
        time_from(rows.integer(3)));
  }
  return listed;
}

bool BucketTables::is_over(const BucketId& id, TimePoint now) const {
  auto listed = database_.prepare("SELECT 1 FROM buckets WHERE kind = ? AND class = ? "
                                  "AND bucket = ? AND over_at <= ?");
  return bind_id(listed, id).bind(to_sql(now)).step();
}

void BucketTables::drop(const BucketId& id) {
  buckets_.erase(id); // its statements first: SQLite drops no table that one is open on
  database_.execute(fmt::format("DROP TABLE {}", id.table()));
  auto listed =
      database_.prepare("DELETE FROM buckets WHERE kind = ? AND class = ? AND bucket = ?");
  bind_id(listed, id).run();
  look_again();
}

} // namespace assay::stores
