#include "stores/postgres/postgres_token_transfer.h"

#include <charconv>
#include <limits>
#include <utility>

#include "base/unavailable.h"
#include "stores/postgres/token_columns.h"
#include "stores/postgres/token_schema.h"

namespace assay::stores {

using oauth::TransferPage;
using oauth::TransferredToken;

namespace {

constexpr std::int64_t kRotatedLongAgo = 2; // in the column `kind`

constexpr auto kNumber = PostgresType::number;
constexpr auto kBytes = PostgresType::bytes;

// In the order of an index, whatever the statistics make of it: a page must not read all that is
// left.
constexpr std::string_view kBeginReading =
    "BEGIN READ ONLY; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; "
    "SET LOCAL enable_sort = off; SET LOCAL jit = off";

constexpr std::string_view kTokens =
    "SELECT t.place, t.digest, t.kind, t.client_id, t.expires_at, t.record, "
    "EXISTS (SELECT FROM {schema}.revoked_families f WHERE f.family = t.family), "
    "a.successor_place, a.successor_digest, a.sealed "
    "FROM {schema}.tokens t "
    "LEFT JOIN {schema}.answers a ON a.digest = t.digest AND a.until = t.kind AND a.until > $4 "
    "WHERE t.place >= $1 AND (t.place, t.digest) > ($1, $2) "
    "ORDER BY t.place, t.digest LIMIT $3";

constexpr std::string_view kClaims =
    "SELECT digest, until FROM {schema}.claims WHERE digest > $1 ORDER BY digest LIMIT $2";

constexpr std::string_view kPutTokens =
    "INSERT INTO {schema}.tokens (place, digest, kind, client_id, family, expires_at, record) "
    "SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (place, digest) DO UPDATE "
    "SET kind = excluded.kind, client_id = excluded.client_id, family = excluded.family, "
    "expires_at = excluded.expires_at, record = excluded.record";

constexpr std::string_view kPutAnswers =
    "INSERT INTO {schema}.answers (digest, until, successor_place, successor_digest, sealed) "
    "SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT (digest) DO UPDATE "
    "SET until = excluded.until, successor_place = excluded.successor_place, "
    "successor_digest = excluded.successor_digest, sealed = excluded.sealed";

constexpr std::string_view kPutClaims =
    "INSERT INTO {schema}.claims AS c (digest, until, taken_at) "
    "SELECT n.digest, n.until, $3 FROM unnest($1, $2) AS n(digest, until) "
    "ON CONFLICT (digest) DO UPDATE SET until = greatest(c.until, excluded.until)";

// How many rows the engine believes there are, or else how many fit; exact enough for a bar.
constexpr std::string_view kSize =
    "SELECT coalesce(sum(CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint "
    "ELSE pg_relation_size(c.oid) / 250 END), 0)::bigint FROM pg_class c "
    "WHERE c.oid = to_regclass('{schema}.claims') OR c.oid IN ("
    "SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = to_regclass('{schema}.tokens'))";

oauth::TokenKey key_at(TokenPosition position, const crypto::Digest& digest) {
  return {.digest = digest, .locator = locator_at(position)};
}

TokenPosition position_in(const TransferredToken& token) {
  TokenPosition position = 0;
  const char* const end = token.place.data() + token.place.size();
  if (std::from_chars(token.place.data(), end, position).ec != std::errc())
    throw Unavailable("a token's place cannot be read");
  return position;
}

std::int64_t kind_of(const TransferredToken& token) {
  if (!token.record.is_rotated) return token.record.kind == oauth::TokenKind::refresh ? 1 : 0;
  return token.answer ? token.answer->repeatable_until.time_since_epoch().count() : kRotatedLongAgo;
}

class PostgresTransferReader final : public oauth::TransferReader {
public:
  explicit PostgresTransferReader(PostgresSession& session) : session_(session) {}

  std::optional<TransferPage> next(std::size_t limit, TimePoint now) override {
    if (part_ == Part::none) return std::nullopt;
    TransferPage page;
    session_.execute(std::string(kBeginReading));
    if (part_ == Part::tokens)
      read_tokens(page, static_cast<std::int64_t>(limit), now);
    else
      read_claims(page, static_cast<std::int64_t>(limit), now);
    session_.execute("COMMIT");
    return page;
  }

private:
  enum class Part : std::uint8_t { tokens, claims, none };

  void read_tokens(TransferPage& page, std::int64_t limit, TimePoint now) {
    PostgresParameters parameters;
    parameters.add(position_).add_bytes(digest_).add(limit).add(now);
    const auto rows = session_.query(kTokens, parameters, PostgresSession::kLongWait);
    for (int row = 0; row < rows.rows(); ++row) {
      position_ = rows.number(row, 0);
      digest_ = rows.text(row, 1);
      const bool is_revoked = rows.number(row, 6) != 0;
      if (!is_revoked && rows.time(row, 4) > now) page.tokens.push_back(token_in(rows, row));
    }
    if (rows.rows() < limit) {
      part_ = Part::claims;
      digest_.clear();
    }
  }

  static TransferredToken token_in(const PostgresResult& rows, int row) {
    const TokenPosition position = rows.number(row, 0);
    TransferredToken token{.record = record_in(rows, row, 2, key_at(position, rows.digest(row, 1))),
                           .answer = {},
                           .place = std::to_string(position)};
    if (token.record.is_rotated && !rows.is_null(row, 9))
      token.answer = {.successor = key_at(rows.number(row, 7), rows.digest(row, 8)),
                      .sealed = rows.text(row, 9),
                      .repeatable_until = rows.time(row, 2)};
    return token;
  }

  void read_claims(TransferPage& page, std::int64_t limit, TimePoint now) {
    PostgresParameters parameters;
    parameters.add_bytes(digest_).add(limit);
    const auto rows = session_.query(kClaims, parameters, PostgresSession::kLongWait);
    for (int row = 0; row < rows.rows(); ++row) {
      digest_ = rows.text(row, 0);
      if (rows.time(row, 1) > now) page.claims.push_back({rows.digest(row, 0), rows.time(row, 1)});
    }
    if (rows.rows() < limit) part_ = Part::none;
  }

  PostgresSession& session_;
  Part part_ = Part::tokens;
  TokenPosition position_ = std::numeric_limits<std::int64_t>::min();
  std::string digest_; // the last one that was read, or empty
};

void make_spans(PostgresSession& session, const TransferPage& page) {
  SpanColumns spans;
  for (const TransferredToken& token : page.tokens) {
    const TokenPosition position = position_of(token.record);
    if (position != kAnywhere) spans.add(TokenSpan::of(position));
  }
  if (spans.empty()) return;
  PostgresParameters parameters;
  spans.add_to(parameters);
  session.query("SELECT {schema}.make_token_spans($1, $2, $3)", parameters);
}

void put_tokens(PostgresSession& session, const TransferPage& page) {
  PostgresArray places(kNumber), digests(kBytes), kinds(kNumber), client_ids(kBytes);
  PostgresArray families(kBytes), ends(kNumber), records(kBytes);
  for (const TransferredToken& token : page.tokens) {
    const TokenRow row(token.record);
    places.add(row.position);
    digests.add(row.digest);
    kinds.add(kind_of(token));
    client_ids.add(std::string_view(row.client_id));
    families.add(std::string_view(row.family));
    ends.add(row.expires_at);
    records.add(std::string_view(row.record));
  }
  PostgresParameters parameters;
  for (const PostgresArray* column :
       {&places, &digests, &kinds, &client_ids, &families, &ends, &records})
    parameters.add(*column);
  session.query(kPutTokens, parameters, PostgresSession::kLongWait);
}

void put_answers(PostgresSession& session, const TransferPage& page) {
  PostgresArray digests(kBytes), untils(kNumber), places(kNumber), successors(kBytes);
  PostgresArray sealed(kBytes);
  for (const TransferredToken& token : page.tokens) {
    if (!token.answer) continue;
    digests.add(token.record.key.digest);
    untils.add(token.answer->repeatable_until);
    // The successor is looked for anywhere as well, whatever its end says of its place.
    places.add(position_of(token.answer->successor, token.answer->repeatable_until));
    successors.add(token.answer->successor.digest);
    sealed.add(std::string_view(token.answer->sealed));
  }
  PostgresParameters parameters;
  for (const PostgresArray* column : {&digests, &untils, &places, &successors, &sealed})
    parameters.add(*column);
  session.query(kPutAnswers, parameters);
}

void put_claims(PostgresSession& session, const TransferPage& page, TimePoint now) {
  PostgresArray digests(kBytes), untils(kNumber);
  for (const oauth::ReplayClaim& claim : page.claims) {
    digests.add(claim.digest);
    untils.add(claim.acceptable_until);
  }
  PostgresParameters parameters;
  parameters.add(digests).add(untils).add(now);
  session.query(kPutClaims, parameters, PostgresSession::kLongWait);
}

bool has_mark(PostgresSession& session) {
  return session.query("SELECT to_regclass('{schema}.copy_mark') IS NOT NULL").number(0, 0) != 0;
}

} // namespace

PostgresTokenTransfer::PostgresTokenTransfer(const PostgresUrl& url) : session_(url) {
  migrate(session_, token_schema());
}

std::unique_ptr<oauth::TransferReader> PostgresTokenTransfer::read() {
  return std::make_unique<PostgresTransferReader>(session_);
}

std::uint64_t PostgresTokenTransfer::size() {
  return static_cast<std::uint64_t>(session_.query(kSize).number(0, 0));
}

void PostgresTokenTransfer::put(const TransferPage& page, TimePoint now) {
  make_spans(session_, page); // by itself: it takes locks that others wait for
  session_.execute("BEGIN");
  if (!page.tokens.empty()) {
    put_tokens(session_, page);
    put_answers(session_, page);
  }
  if (!page.claims.empty()) put_claims(session_, page, now);
  session_.execute("COMMIT");
}

void PostgresTokenTransfer::remove(std::span<const TransferredToken> tokens) {
  PostgresArray places(kNumber), digests(kBytes);
  for (const TransferredToken& token : tokens) {
    places.add(position_in(token));
    digests.add(token.record.key.digest);
  }
  PostgresParameters parameters;
  parameters.add(places).add(digests);
  session_.query("DELETE FROM {schema}.tokens t USING unnest($1, $2) AS n(place, digest) "
                 "WHERE t.place = n.place AND t.digest = n.digest",
                 parameters, PostgresSession::kLongWait);
}

std::optional<std::string> PostgresTokenTransfer::mark() {
  if (!has_mark(session_)) return std::nullopt;
  const auto row = session_.query("SELECT mark FROM {schema}.copy_mark");
  return row.rows() == 0 ? std::nullopt : std::optional(row.text(0, 0));
}

void PostgresTokenTransfer::set_mark(const std::optional<std::string>& text) {
  if (!text) {
    session_.execute("DROP TABLE IF EXISTS {schema}.copy_mark");
    return;
  }
  session_.execute("BEGIN; CREATE TABLE IF NOT EXISTS {schema}.copy_mark (mark text NOT NULL); "
                   "DELETE FROM {schema}.copy_mark");
  PostgresParameters parameters;
  parameters.add_text(*text);
  session_.query("INSERT INTO {schema}.copy_mark (mark) VALUES ($1)", parameters);
  session_.execute("COMMIT");
}

} // namespace assay::stores
