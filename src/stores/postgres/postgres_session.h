// A connection for calls that may block: one statement at a time, each with a deadline.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "stores/postgres/postgres_connection.h"
#include "stores/postgres/postgres_parameters.h"
#include "stores/postgres/postgres_result.h"
#include "stores/postgres/postgres_url.h"
#include "stores/postgres/reconnect_pause.h"

namespace assay::stores {

// Thread-safe: calls wait for each other. Connects at the first statement, and again once the
// connection is lost. Throws Unavailable; then nothing is known of what the statement did.
class PostgresSession {
public:
  // Of what the registry and the usage ask, and of one step of what goes on in the background.
  static constexpr std::chrono::milliseconds kAnswerWait{5000};
  // Of what goes through whole tables.
  static constexpr std::chrono::milliseconds kLongWait{300'000};

  explicit PostgresSession(PostgresUrl url) : url_(std::move(url)) {}
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  const PostgresUrl& url() const { return url_; }

  // The rows. `{schema}` in the statement stands for the schema.
  PostgresResult query(std::string_view sql, const PostgresParameters& parameters = {},
                       std::chrono::milliseconds wait = kAnswerWait);

  // The same, but what the engine refuses is a result as well.
  PostgresResult try_query(std::string_view sql, const PostgresParameters& parameters = {},
                           std::chrono::milliseconds wait = kAnswerWait);

  // Calls `see` with one row after the other: more than are to be held at once.
  void each_row(std::string_view sql, const PostgresParameters& parameters,
                const std::function<void(const PostgresResult& row)>& see);

  // Several statements at once, without parameters; outside a transaction they are one.
  void execute(const std::string& script, std::chrono::milliseconds wait = kAnswerWait);

private:
  using Deadline = std::chrono::steady_clock::time_point;

  PostgresResult answer_to(std::string_view sql, const PostgresParameters& parameters,
                           std::chrono::milliseconds wait);
  void give_up();
  void prepare_to_send(Deadline deadline);
  bool is_alive() const;
  void connect(Deadline deadline);
  void shake_hands(Deadline deadline);
  PostgresResult receive(Deadline deadline);
  PostgresResult receive_last(Deadline deadline);
  void await(short events, Deadline deadline);

  PostgresUrl url_;
  std::mutex mutex_;
  PostgresHandle connection_;
  ReconnectPause pause_;
  Deadline next_try_{};
  std::string last_fault_;
};

} // namespace assay::stores
