#include "stores/sqlite/sqlite_token_transfer.h"

#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/unavailable.h"
#include "stores/sqlite/sqlite_bytes.h"
#include "stores/sqlite/sqlite_time.h"
#include "stores/token_row.h"

namespace assay::stores {

using oauth::TransferPage;
using oauth::TransferredToken;

namespace {

constexpr std::int64_t kRefresh = 1; // as token_buckets.cc has it; above: rotated

constexpr std::string_view kMarkThere =
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'copy_mark'";

// A place in one piece, for remove().
std::string text_of(const TokenPlace& place) {
  return fmt::format("{} {} {}", place.lifetime_class, place.bucket, place.moment);
}

std::int64_t take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) throw Unavailable("a token's place cannot be read");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return number;
}

TokenPlace place_in(const TransferredToken& token) {
  std::string_view text = token.place;
  TokenPlace place{
      .lifetime_class = 0, .bucket = 0, .moment = 0, .digest = token.record.key.digest};
  place.lifetime_class = static_cast<std::uint32_t>(take_number(text));
  place.bucket = take_number(text);
  place.moment = take_number(text);
  return place;
}

} // namespace

// Table after table, in the order of their names; within one in the order of its key.
class SqliteTransferReader final : public oauth::TransferReader {
public:
  explicit SqliteTransferReader(SqliteTokenTransfer& store) : store_(store) {}

  std::optional<TransferPage> next(std::size_t limit, TimePoint now) override {
    const SqliteSnapshot snapshot(store_.database_);
    store_.look_again();
    TransferPage page;
    for (auto left = static_cast<std::int64_t>(limit); left > 0;) {
      const Bucket* const bucket = current();
      if (!bucket) break;
      const bool of_tokens = table_.kind == BucketKind::tokens;
      const std::int64_t seen =
          of_tokens ? read_tokens(page, left, now) : read_claims(page, left, now);
      if (seen < left) table_ = {table_.kind, table_.lifetime_class, table_.bucket + 1};
      if (seen < left) moment_ = kBeforeAll;
      if (seen < left) digest_.clear();
      left -= seen;
    }
    if (table_.kind == BucketKind::claims && !current() && page.tokens.empty() &&
        page.claims.empty())
      return std::nullopt;
    return page;
  }

private:
  static constexpr std::int64_t kBeforeAll = std::numeric_limits<std::int64_t>::min();

  // Null after the last. A table that is gone meanwhile, or new, matters only if it comes later.
  const Bucket* current() {
    if (const Bucket* const found = first_from()) return found;
    if (table_.kind == BucketKind::claims) return nullptr;
    table_ = {BucketKind::claims, 0, std::numeric_limits<std::int64_t>::min()};
    moment_ = kBeforeAll;
    digest_.clear();
    return first_from();
  }

  const Bucket* first_from() {
    for (const Bucket& bucket : store_.buckets_.of(table_.kind)) {
      if (bucket.id() < table_) continue;
      if (bucket.id() != table_) {
        table_ = bucket.id();
        moment_ = kBeforeAll;
        digest_.clear();
      }
      return &bucket;
    }
    return nullptr;
  }

  // Both give how many rows were looked at.
  std::int64_t read_tokens(TransferPage& page, std::int64_t limit, TimePoint now) {
    auto rows = store_.database_.prepare(
        fmt::format("SELECT moment, digest, kind, client_id, expires_at, record FROM {} "
                    "WHERE (moment, digest) > (?, ?) ORDER BY moment, digest LIMIT ?",
                    table_.table()));
    const std::string after = digest_;
    rows.bind(moment_).bind_bytes(bytes_of(after)).bind(limit);
    std::int64_t seen = 0;
    for (; rows.step(); ++seen) {
      moment_ = rows.integer(0);
      digest_ = rows.text(1);
      if (time_from(rows.integer(4)) <= now) continue;
      TransferredToken token = token_in(rows, now);
      if (!store_.tokens_.is_revoked(token.record.family)) page.tokens.push_back(std::move(token));
    }
    return seen;
  }

  TransferredToken token_in(const SqliteStatement& row, TimePoint now) {
    const TokenPlace place{.lifetime_class = table_.lifetime_class,
                           .bucket = table_.bucket,
                           .moment = row.integer(0),
                           .digest = digest_of(row.bytes(1))};
    TransferredToken token{.record = {}, .answer = {}, .place = text_of(place)};
    token.record.key = place.key();
    const std::int64_t kind = row.integer(2);
    token.record.kind = kind == 0 ? oauth::TokenKind::access : oauth::TokenKind::refresh;
    token.record.is_rotated = kind > kRefresh;
    token.record.client_id = row.text(3);
    token.record.expires_at = time_from(row.integer(4));
    decode_row(row.bytes(5), token.record);
    if (kind <= kRefresh || time_from(kind) <= now) return token;
    if (auto answer = store_.answers_.find(place.digest, time_from(kind)))
      token.answer = {.successor = answer->successor.key(),
                      .sealed = std::move(answer->sealed),
                      .repeatable_until = time_from(kind)};
    return token;
  }

  std::int64_t read_claims(TransferPage& page, std::int64_t limit, TimePoint now) {
    auto rows = store_.database_.prepare(fmt::format(
        "SELECT digest, until FROM {} WHERE digest > ? ORDER BY digest LIMIT ?", table_.table()));
    const std::string after = digest_;
    rows.bind_bytes(bytes_of(after)).bind(limit);
    std::int64_t seen = 0;
    for (; rows.step(); ++seen) {
      digest_ = rows.text(0);
      const TimePoint until = time_from(rows.integer(1));
      if (until > now) page.claims.push_back({digest_of(rows.bytes(0)), until});
    }
    return seen;
  }

  SqliteTokenTransfer& store_;
  BucketId table_{BucketKind::tokens, 0, std::numeric_limits<std::int64_t>::min()};
  std::int64_t moment_ = kBeforeAll;
  std::string digest_; // the last one that was read, or empty
};

SqliteTokenTransfer::SqliteTokenTransfer(const std::filesystem::path& file) : database_(file) {
  database_.migrate(BucketTables::schema());
}

std::unique_ptr<oauth::TransferReader> SqliteTokenTransfer::read() {
  return std::make_unique<SqliteTransferReader>(*this);
}

std::uint64_t SqliteTokenTransfer::size() {
  const SqliteSnapshot snapshot(database_);
  look_again();
  std::uint64_t rows = 0;
  for (const BucketKind kind : {BucketKind::tokens, BucketKind::claims})
    for (const Bucket& bucket : buckets_.of(kind)) {
      auto count = database_.prepare("SELECT count(*) FROM " + bucket.id().table());
      count.step();
      rows += static_cast<std::uint64_t>(count.integer(0));
    }
  return rows;
}

template <class Work> void SqliteTokenTransfer::commit(Work work) {
  SqliteTransaction transaction(database_);
  look_again();
  try {
    work();
    transaction.commit();
  } catch (...) {
    buckets_.forget();
    throw;
  }
}

void SqliteTokenTransfer::put(const TransferPage& page, TimePoint now) {
  commit([&] {
    for (const TransferredToken& token : page.tokens) {
      const auto& answer = token.answer;
      tokens_.put(token.record, answer ? std::optional(answer->repeatable_until) : std::nullopt);
      if (answer)
        answers_.put(token.record.key.digest, answer->repeatable_until,
                     {.successor = TokenPlace::of(answer->successor), .sealed = answer->sealed});
    }
    for (const oauth::ReplayClaim& claim : page.claims)
      claims_.take(claim, now);
  });
}

void SqliteTokenTransfer::remove(std::span<const TransferredToken> tokens) {
  commit([&] {
    for (const TransferredToken& token : tokens)
      tokens_.erase(place_in(token));
  });
}

std::optional<std::string> SqliteTokenTransfer::mark() {
  const SqliteSnapshot snapshot(database_);
  if (!database_.prepare(kMarkThere).step()) return std::nullopt;
  auto row = database_.prepare("SELECT mark FROM copy_mark");
  return row.step() ? std::optional(row.text(0)) : std::nullopt;
}

void SqliteTokenTransfer::set_mark(const std::optional<std::string>& text) {
  commit([&] {
    if (!text) {
      database_.execute("DROP TABLE IF EXISTS copy_mark");
      return;
    }
    if (!database_.prepare(kMarkThere).step())
      database_.execute("CREATE TABLE copy_mark (mark TEXT NOT NULL) STRICT");
    database_.execute("DELETE FROM copy_mark");
    auto row = database_.prepare("INSERT INTO copy_mark (mark) VALUES (?)");
    row.bind(*text).run();
  });
}

} // namespace assay::stores
