#include "stores/postgres/postgres_token_store.h"

#include <algorithm>
#include <utility>

#include "stores/postgres/look_up_calls.h"
#include "stores/postgres/token_calls.h"
#include "stores/postgres/token_columns.h"
#include "stores/postgres/token_schema.h"
#include "stores/postgres/token_upkeep.h"

namespace assay::stores {

using oauth::IssueOutcome;

namespace {

// The second sets out while the first waits for its commit, if what has come meanwhile is worth it:
// with a few calls each, both would do more work than one of them with all.
constexpr std::size_t kWritingLanes = 2;
constexpr std::size_t kLookUpLanes = 2;

// Shorter than the time from one check to the next would be: a standby that holds up commits must
// show.
constexpr std::chrono::milliseconds kProbeMax{2000};

// Live tokens, but for those that were rotated; of one application, or all.
constexpr std::string_view kLive =
    "FROM {schema}.tokens t WHERE t.expires_at > $1 AND t.kind <= 1 "
    "AND (octet_length($2) = 0 OR t.client_id = substr($2, 2)) "
    "AND NOT EXISTS (SELECT FROM {schema}.revoked_families f WHERE f.family = t.family)";

IssueOutcome outcome_of(const ClaimingCall& call) {
  return call.is_used_before ? IssueOutcome::used_before : IssueOutcome::stored;
}

} // namespace

PostgresTokenStore::PostgresTokenStore(const PostgresUrl& url)
    : url_(url), catalogue_(url), probe_(url), loop_(1), work_(loop_.get_executor()),
      writes_({loop_, cancelling_, url_}, kWritingLanes),
      look_ups_({loop_, cancelling_, url_}, kLookUpLanes) {
  migrate(catalogue_, token_schema());
  thread_ = std::thread([this] { loop_.run(); });
  try {
    writes_.await_connection();
    look_ups_.await_connection();
  } catch (...) {
    close();
    throw;
  }
}

PostgresTokenStore::~PostgresTokenStore() { close(); }

void PostgresTokenStore::close() {
  writes_.close();
  look_ups_.close();
  work_.reset();
  thread_.join();
  cancelling_.join();
}

Task<IssueOutcome> PostgresTokenStore::issue(oauth::Issue issue, TimePoint now) {
  IssueCall call(issue, now);
  co_await writes_.perform(call);
  co_return outcome_of(call);
}

Task<IssueOutcome> PostgresTokenStore::claim(oauth::ReplayClaim claim, TimePoint now) {
  IssueCall call(claim, now);
  co_await writes_.perform(call);
  co_return outcome_of(call);
}

Task<bool> PostgresTokenStore::seen(oauth::ReplayClaim claim, TimePoint now) {
  SeenCall call(claim, now);
  co_await look_ups_.perform(call);
  co_return call.is_seen;
}

Task<oauth::Redeemed> PostgresTokenStore::redeem(oauth::Redemption redemption, TimePoint now) {
  RedeemCall call(std::move(redemption), now);
  co_await writes_.perform(call);
  co_return std::move(call.redeemed);
}

Task<std::optional<oauth::TokenRecord>> PostgresTokenStore::find(oauth::TokenKey key,
                                                                 TimePoint now) {
  FindCall call(key, now);
  co_await look_ups_.perform(call);
  co_return std::move(call.record);
}

Task<bool> PostgresTokenStore::revoke(oauth::TokenKey key, TimePoint now) {
  RevokeCall call(key, now);
  co_await writes_.perform(call);
  co_return call.is_revoked;
}

oauth::TokenCount PostgresTokenStore::count(const std::optional<std::string>& client_id,
                                            TimePoint now, const oauth::IsRevoked& is_revoked) {
  PostgresParameters parameters;
  parameters.add(now).add_bytes(client_id ? "=" + *client_id : ""); // "=" alone: the empty name
  oauth::TokenCount count;
  const auto add = [&](std::int64_t kind, std::int64_t tokens) {
    (kind == 0 ? count.access : count.refresh) += static_cast<std::uint64_t>(tokens);
  };
  const std::string live(kLive);
  if (!is_revoked) {
    const auto kinds = catalogue_.query("SELECT t.kind, count(*) " + live + " GROUP BY t.kind",
                                        parameters, PostgresSession::kLongWait);
    for (int row = 0; row < kinds.rows(); ++row)
      add(kinds.number(row, 0), kinds.number(row, 1));
    return count;
  }
  catalogue_.each_row("SELECT t.kind, t.client_id, t.expires_at, t.record " + live, parameters,
                      [&](const PostgresResult& row) {
                        if (!is_revoked(record_in(row, 0, 0, {}))) add(row.number(0, 0), 1);
                      });
  return count;
}

TimePoint PostgresTokenStore::agreed_time(TimePoint now) {
  const auto engine =
      catalogue_.query("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
  return std::min(now, engine.time(0, 0));
}

oauth::PurgeOutcome PostgresTokenStore::purge(TimePoint now) {
  TokenUpkeep upkeep(catalogue_);
  const auto outcome = upkeep.purge(now);
  upkeep.make_spans_ahead(now);
  return outcome;
}

// A record in the engine's log, which no table has and a standby refuses: written, synced and,
// where that is asked for, awaited on the standby as a grant is.
void PostgresTokenStore::check() {
  probe_.query("SELECT pg_logical_emit_message(true, 'assay', ''), "
               "EXISTS (SELECT FROM {schema}.token_spans)",
               {}, kProbeMax);
}

} // namespace assay::stores
