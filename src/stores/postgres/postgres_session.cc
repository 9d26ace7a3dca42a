#include "stores/postgres/postgres_session.h"

#include <algorithm>
#include <cerrno>

#include <poll.h>

#include "base/unavailable.h"

namespace assay::stores {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

PostgresResult PostgresSession::query(std::string_view sql, const PostgresParameters& parameters,
                                      milliseconds wait) {
  const std::lock_guard lock(mutex_);
  PostgresResult result = answer_to(sql, parameters, wait);
  if (result.is_good()) return result;
  // A transaction that was begun is at its end.
  if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) connection_.reset();
  throw_unavailable(url_, result.fault());
}

PostgresResult PostgresSession::try_query(std::string_view sql,
                                          const PostgresParameters& parameters, milliseconds wait) {
  const std::lock_guard lock(mutex_);
  return answer_to(sql, parameters, wait);
}

PostgresResult PostgresSession::answer_to(std::string_view sql,
                                          const PostgresParameters& parameters, milliseconds wait) {
  const Deadline deadline = steady_clock::now() + wait;
  try {
    prepare_to_send(deadline);
    send_statement(url_, connection_.get(), url_.with_schema(sql), parameters);
    return receive_last(deadline);
  } catch (...) {
    give_up();
    throw;
  }
}

void PostgresSession::each_row(std::string_view sql, const PostgresParameters& parameters,
                               const std::function<void(const PostgresResult& row)>& see) {
  const std::lock_guard lock(mutex_);
  const Deadline deadline = steady_clock::now() + kLongWait;
  try {
    prepare_to_send(deadline);
    send_statement(url_, connection_.get(), url_.with_schema(sql), parameters);
    PQsetSingleRowMode(connection_.get());
    for (PostgresResult row = receive(deadline); row; row = receive(deadline)) {
      if (!row.is_good()) throw_unavailable(url_, row.fault());
      if (row.rows() > 0) see(row);
    }
  } catch (...) {
    give_up();
    throw;
  }
}

void PostgresSession::execute(const std::string& script, milliseconds wait) {
  const std::lock_guard lock(mutex_);
  const Deadline deadline = steady_clock::now() + wait;
  try {
    prepare_to_send(deadline);
    if (PQsendQuery(connection_.get(), url_.with_schema(script).c_str()) == 0)
      throw_broken(url_, connection_.get());
    const PostgresResult result = receive_last(deadline);
    if (!result.is_good()) throw_unavailable(url_, result.fault());
  } catch (...) {
    give_up();
    throw;
  }
}

// Whatever was asked is to end as well.
void PostgresSession::give_up() {
  if (connection_ && PQtransactionStatus(connection_.get()) == PQTRANS_ACTIVE)
    cancel(CancelHandle(PQgetCancel(connection_.get())).get());
  connection_.reset();
}

void PostgresSession::prepare_to_send(Deadline deadline) {
  if (!is_alive()) connect(deadline);
}

// What the engine closed meanwhile, or a firewall forgot, shows before anything is sent through it.
bool PostgresSession::is_alive() const {
  return connection_ && PQconsumeInput(connection_.get()) == 1 &&
         PQstatus(connection_.get()) == CONNECTION_OK;
}

// Of an engine that was just found down, calls learn at once.
void PostgresSession::connect(Deadline deadline) {
  if (steady_clock::now() < next_try_) throw Unavailable(last_fault_);
  try {
    shake_hands(deadline);
    pause_.reset();
  } catch (const Unavailable& fault) {
    last_fault_ = fault.what();
    next_try_ = steady_clock::now() + pause_.next();
    throw;
  }
}

void PostgresSession::shake_hands(Deadline deadline) {
  constexpr milliseconds kNoLimit{0}; // the deadline is that of each call
  connection_ = start_connection(url_, kNoLimit);
  short events = POLLOUT;
  while (true) {
    await(events, deadline);
    const PostgresPollingStatusType status = PQconnectPoll(connection_.get());
    if (status == PGRES_POLLING_OK) break;
    if (status == PGRES_POLLING_FAILED) throw_broken(url_, connection_.get());
    events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
  }
  PQsetnonblocking(connection_.get(), 1);
}

// The next result, empty after the last one.
PostgresResult PostgresSession::receive(Deadline deadline) {
  // libpq sends the rest while it waits for the answer.
  while (PQisBusy(connection_.get()) == 1) {
    const int unsent = PQflush(connection_.get());
    if (unsent < 0) throw_broken(url_, connection_.get());
    await(unsent > 0 ? POLLIN | POLLOUT : POLLIN, deadline);
    take_in(connection_.get(), url_);
  }
  return PostgresResult(PQgetResult(connection_.get()));
}

PostgresResult PostgresSession::receive_last(Deadline deadline) {
  PostgresResult last;
  for (PostgresResult result = receive(deadline); result; result = receive(deadline))
    if (!last || last.is_good()) last = std::move(result);
  if (PQstatus(connection_.get()) != CONNECTION_OK) throw_broken(url_, connection_.get());
  return last;
}

void PostgresSession::await(short events, Deadline deadline) {
  while (true) {
    const auto rest = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (rest.count() <= 0) throw_unavailable(url_, "no answer in time");
    pollfd watched{.fd = PQsocket(connection_.get()), .events = events, .revents = 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(rest.count()));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) throw_unavailable(url_, "its socket cannot be watched");
  }
}

} // namespace assay::stores
