#include "stores/postgres/token_upkeep.h"

#include <chrono>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "stores/postgres/token_columns.h"

namespace assay::stores {

namespace {

// Some 1 ms each; and as many times that it then leaves the engine to the requests. With an engine
// that is busy these are still 20,000 rows a second, more than a node can make.
constexpr std::int64_t kSliceRows = 250;
constexpr int kRests = 2;

// When all calls that were under way have ended.
constexpr std::chrono::minutes kCallsMax{1};

// What one partition may take: it waits for the transactions that began before.
constexpr std::chrono::milliseconds kDetachMax{30'000};

std::string name_of(TokenPosition low) { return fmt::format("{{schema}}.tokens_{}", low); }

} // namespace

oauth::PurgeOutcome TokenUpkeep::purge(TimePoint now) {
  oauth::PurgeOutcome outcome;
  outcome.tokens = drop_spans(now);
  outcome.tokens += delete_slices("tokens_anywhere", "digest", "expires_at", now);
  outcome.claims = delete_slices("claims", "digest", "until", now);
  delete_slices("answers", "digest", "until", now);
  forget_families(now);
  return outcome;
}

std::uint64_t TokenUpkeep::drop_spans(TimePoint now) {
  PostgresParameters parameters;
  parameters.add(now);
  const auto over =
      session_.query("UPDATE {schema}.token_spans SET ending = true WHERE over_at <= $1 "
                     "RETURNING low",
                     parameters);
  std::uint64_t rows = 0;
  for (int row = 0; row < over.rows(); ++row)
    rows += drop(over.number(row, 0));
  return rows;
}

// A partition that is no longer attached is in nobody's way. The list is the last to forget it: so
// whatever is cut short is found again.
std::uint64_t TokenUpkeep::drop(TokenPosition low) {
  if (!detach(low)) return 0;
  const std::uint64_t rows = rows_of(low);
  PostgresParameters parameters;
  parameters.add(low);
  session_.query("SELECT {schema}.forget_token_span($1)", parameters, kDetachMax);
  return rows;
}

// False if another node is at it.
bool TokenUpkeep::detach(TokenPosition low) {
  constexpr std::string_view kNoSuchPartition = "42P01";
  constexpr std::string_view kDetachedInPart = "55000";
  const auto alter = [&](std::string_view how) {
    return session_.try_query(
        fmt::format("ALTER TABLE {{schema}}.tokens DETACH PARTITION {} {}", name_of(low), how), {},
        kDetachMax);
  };
  PostgresResult detached = alter("CONCURRENTLY");
  if (detached.sqlstate() == kDetachedInPart) detached = alter("FINALIZE");
  return detached.is_good() || detached.sqlstate() == kNoSuchPartition;
}

// Of a big one what the engine believes: to count it would read all of it.
std::uint64_t TokenUpkeep::rows_of(TokenPosition low) {
  constexpr std::string_view kCount =
      "SELECT CASE WHEN pg_relation_size(c.oid) < 64 * 1024 * 1024 THEN NULL "
      "ELSE greatest(c.reltuples, 0)::bigint END FROM pg_class c WHERE c.oid = to_regclass($1)";
  PostgresParameters parameters;
  parameters.add_text(session_.url().with_schema(name_of(low)));
  const auto known = session_.query(kCount, parameters);
  if (known.rows() == 0) return 0;
  if (!known.is_null(0, 0)) return static_cast<std::uint64_t>(known.number(0, 0));
  const auto counted = session_.try_query("SELECT count(*) FROM " + name_of(low), {}, kDetachMax);
  return counted.is_good() ? static_cast<std::uint64_t>(counted.number(0, 0)) : 0;
}

std::uint64_t TokenUpkeep::delete_slices(std::string_view table, std::string_view key,
                                         std::string_view end, TimePoint now) {
  // Nobody waits for the commit, so that none of a request has to wait for this one's sync: what a
  // crash brings back is deleted again.
  const std::string slice = fmt::format(
      "WITH gone AS (DELETE FROM {{schema}}.{0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM "
      "{{schema}}.{0} WHERE {2} <= $1 ORDER BY {2} LIMIT $2 FOR UPDATE SKIP LOCKED)) "
      "RETURNING {1}) SELECT (SELECT count(*) FROM gone), "
      "set_config('synchronous_commit', 'off', true)",
      table, key, end);
  PostgresParameters parameters;
  parameters.add(now).add(kSliceRows);
  std::uint64_t rows = 0;
  while (true) {
    const auto began = std::chrono::steady_clock::now();
    const auto deleted = static_cast<std::uint64_t>(session_.query(slice, parameters).number(0, 0));
    rows += deleted;
    if (deleted < static_cast<std::uint64_t>(kSliceRows)) return rows;
    std::this_thread::sleep_for(kRests * (std::chrono::steady_clock::now() - began));
  }
}

// A mark is needed until the last token has ended that was there when all calls were over that had
// not seen it.
void TokenUpkeep::forget_families(TimePoint now) {
  PostgresParameters settled;
  settled.add(now - kCallsMax);
  session_.query("UPDATE {schema}.revoked_families SET until = greatest("
                 "(SELECT coalesce(max(s.over_at), 0) FROM {schema}.token_spans s), "
                 "(SELECT coalesce(max(t.expires_at), 0) FROM {schema}.tokens_anywhere t)) "
                 "WHERE until IS NULL AND revoked_at <= $1",
                 settled);
  PostgresParameters parameters;
  parameters.add(now);
  session_.query("DELETE FROM {schema}.revoked_families WHERE until <= $1", parameters);
}

void TokenUpkeep::make_spans_ahead(TimePoint now) {
  const auto listed = session_.query("SELECT low FROM {schema}.token_spans WHERE NOT ending");
  std::map<TokenPosition, TokenSpan> newest; // by the last one that its group needs
  for (int row = 0; row < listed.rows(); ++row) {
    const TokenSpan span = TokenSpan::of(listed.number(row, 0));
    newest.insert_or_assign(span.last_needed(now).low, span);
  }
  for (auto [needed, span] : newest) {
    PostgresParameters range;
    range.add(span.last_needed(now).low - 4 * (span.high - span.low)).add(span.high);
    const auto used = session_.query("SELECT EXISTS (SELECT FROM {schema}.tokens "
                                     "WHERE place >= $1 AND place < $2)",
                                     range);
    if (used.number(0, 0) == 0) continue;
    SpanColumns missing;
    for (TokenSpan next = span.next(); next.low <= needed; next = next.next())
      missing.add(next);
    if (missing.empty()) continue;
    PostgresParameters spans;
    missing.add_to(spans);
    session_.query("SELECT {schema}.make_token_spans($1, $2, $3)", spans);
  }
}

} // namespace assay::stores
