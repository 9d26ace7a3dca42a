// Tokens and used assertions in PostgreSQL: for many nodes that share them.
#pragma once

#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/postgres/lane_group.h"
#include "stores/postgres/postgres_schema.h"
#include "stores/postgres/postgres_session.h"

namespace assay::stores {

// Requests hand their calls over to a thread, which owns a few connections for writing and a few
// for look-ups; what waits together is one statement. One thread for all: with connections of their
// own, the requests' threads would have smaller groups, and the engine more processes. The
// catalogue has a connection for itself.
//
// An engine that is gone makes all calls throw Unavailable, until it is back.
class PostgresTokenStore final : public oauth::TokenStore, public oauth::TokenCatalogue {
public:
  // Makes the tables if they are not there, and has connections when it returns. Throws
  // Unavailable.
  explicit PostgresTokenStore(const PostgresUrl& url);
  ~PostgresTokenStore() override; // makes what waits
  PostgresTokenStore(const PostgresTokenStore&) = delete;
  PostgresTokenStore& operator=(const PostgresTokenStore&) = delete;

  Task<oauth::IssueOutcome> issue(oauth::Issue issue, TimePoint now) override;
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim claim, TimePoint now) override;
  Task<bool> seen(oauth::ReplayClaim claim, TimePoint now) override;
  Task<oauth::Redeemed> redeem(oauth::Redemption redemption, TimePoint now) override;
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey key, TimePoint now) override;
  Task<bool> revoke(oauth::TokenKey key, TimePoint now) override;

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                          const oauth::IsRevoked& is_revoked) override;
  oauth::PurgeOutcome purge(TimePoint now) override;
  TimePoint agreed_time(TimePoint now) override;
  void check() override;

private:
  void close();

  PostgresUrl url_;
  PostgresSession catalogue_;
  PostgresSession probe_; // a long count must not look like an engine that does not answer
  asio::io_context loop_;
  asio::thread_pool cancelling_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  LaneGroup writes_;
  LaneGroup look_ups_;
  std::thread thread_; // last: it uses all of the above
};

} // namespace assay::stores
