#include "stores/postgres/postgres_lane.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/unavailable.h"
#include "stores/postgres/fault_kind.h"

namespace assay::stores {

using std::chrono::milliseconds;

namespace {

// What one goes to fetch: several statements' worth.
constexpr std::size_t kCallsMax = 1024;

// Until others have done what was in the way.
constexpr milliseconds kContentionPause{2};

constexpr milliseconds kConnectMax{5000};

constexpr auto kForever = PostgresLane::Clock::time_point::max();

} // namespace

Task<void> PostgresLane::run() {
  while (!is_closing_) {
    const bool connected = co_await try_connect();
    if (connected) co_await serve();
  }
}

void PostgresLane::close() {
  is_closing_ = true;
  wake();
}

// False, after a pause, if it cannot be had.
Task<bool> PostgresLane::try_connect() {
  std::string fault;
  try {
    co_await connect();
    co_return true;
  } catch (const std::exception& thrown) {
    fault = thrown.what();
  }
  disconnect();
  count_.failed(fault);
  co_await pause(reconnect_.next());
  co_return false;
}

Task<void> PostgresLane::connect() {
  const Clock::time_point until = Clock::now() + kConnectMax;
  connection_ = start_connection(url_, kStatementMax);
  for (auto status = PGRES_POLLING_WRITING; status != PGRES_POLLING_OK;) {
    watch();
    co_await wait(status == PGRES_POLLING_READING ? Wanted::reading : Wanted::both, until);
    // It may close this socket, and open one of the same number for another address.
    socket_.release();
    status = PQconnectPoll(connection_.get());
    if (status == PGRES_POLLING_FAILED) throw_broken(url_, connection_.get());
  }
  watch();
  PQsetnonblocking(connection_.get(), 1);
  PQenterPipelineMode(connection_.get());
  is_connected_ = true;
  reconnect_.reset();
  count_.connected();
}

void PostgresLane::watch() { socket_.assign(PQsocket(connection_.get())); }

void PostgresLane::cancel_statements() {
  std::shared_ptr<PGcancel> statement = CancelHandle(PQgetCancel(connection_.get()));
  asio::post(cancelling_, [statement] { cancel(statement.get()); });
}

void PostgresLane::disconnect() {
  if (is_connected_ && PQtransactionStatus(connection_.get()) == PQTRANS_ACTIVE)
    cancel_statements();
  if (socket_.is_open()) socket_.release();
  connection_.reset();
  prepared_.clear();
  if (is_connected_) count_.lost();
  is_connected_ = false;
  is_idle_ = false;
}

// Until the connection breaks, or it is to end.
Task<void> PostgresLane::serve() {
  try {
    co_await serve_on();
  } catch (const std::exception&) { // NOLINT(bugprone-empty-catch)
    // Those who waited have been told.
  }
  disconnect();
}

Task<void> PostgresLane::serve_on() {
  while (true) {
    WaitingCalls calls = queue_.take(kCallsMax, worth_);
    if (!calls.empty())
      co_await perform(std::move(calls));
    else if (is_closing_)
      co_return;
    else
      co_await idle();
    if (std::exchange(is_contended_, false)) co_await pause(kContentionPause);
  }
}

// An engine that goes away says so by closing: then nothing is sent into the void.
Task<void> PostgresLane::idle() {
  is_idle_ = true;
  co_await wait(Wanted::reading, kForever);
  is_idle_ = false;
  take_in(connection_.get(), url_);
}

Task<void> PostgresLane::perform(WaitingCalls calls) {
  Groups groups = groups_of(std::move(calls));
  std::exception_ptr fault;
  try {
    co_await exchange(groups);
  } catch (const std::exception&) {
    fault = std::current_exception();
  }
  if (!fault) co_return;
  give_up(groups, fault);
  std::rethrow_exception(fault);
}

PostgresLane::Groups PostgresLane::groups_of(WaitingCalls calls) {
  Groups groups;
  for (auto& call : calls) {
    const GroupStatement& statement = call->call().statement;
    auto group = std::ranges::find_if(groups, [&](const Group& each) {
      return each.statement == &statement && each.calls.size() < statement.calls_max();
    });
    if (group == groups.end())
      group = groups.insert(group, Group{.statement = &statement, .calls = {}, .asked = {}});
    call->call().is_to_be_made_again = false;
    group->asked.push_back(&call->call());
    group->calls.push_back(std::move(call));
  }
  return groups;
}

Task<void> PostgresLane::exchange(Groups& groups) {
  deadline_ = Clock::now() + kRoundTripMax;
  for (Group& group : groups)
    send(group);
  for (Group& group : groups)
    co_await receive(group);
}

void PostgresLane::send(Group& group) {
  PGconn* const connection = connection_.get();
  const GroupStatement& statement = *group.statement;
  const PostgresParameters parameters = statement.parameters(group.asked);
  const std::string sql = url_.with_schema(statement.sql());
  if (url_.pooling() == Pooling::transaction) {
    send_statement(url_, connection, sql, parameters);
  } else {
    group.prepares = prepared_.insert(statement.name()).second;
    if (group.prepares && PQsendPrepare(connection, statement.name(), sql.c_str(),
                                        parameters.count(), parameters.types()) == 0)
      throw_broken(url_, connection);
    send_prepared(url_, connection, statement.name(), parameters);
  }
  if (PQpipelineSync(connection) == 0) throw_broken(url_, connection);
}

// Up to the end of its transaction: rows come before it is committed, and are worth nothing if that
// fails.
Task<void> PostgresLane::receive(Group& group) {
  PostgresResult rows;
  PostgresResult fault;
  while (true) {
    PostgresResult result = co_await next_result();
    if (!result) continue; // the end of a statement
    if (result.status() == PGRES_PIPELINE_SYNC) break;
    if (result.status() == PGRES_COMMAND_OK)
      group.prepares = false; // it is prepared, whatever comes
    else if (result.is_good())
      rows = std::move(result);
    else if (!fault && result.status() != PGRES_PIPELINE_ABORTED)
      fault = std::move(result);
  }
  if (!fault) {
    settle(group, rows);
  } else {
    if (group.prepares) prepared_.erase(group.statement->name());
    settle_fault(group, fault);
  }
}

Task<PostgresResult> PostgresLane::next_result() {
  PGconn* const connection = connection_.get();
  while (PQisBusy(connection) == 1) {
    const int unsent = PQflush(connection);
    if (unsent < 0) throw_broken(url_, connection);
    co_await wait(unsent > 0 ? Wanted::both : Wanted::reading, deadline_);
    take_in(connection, url_);
  }
  PostgresResult result(PQgetResult(connection));
  if (PQstatus(connection) != CONNECTION_OK) throw_broken(url_, connection);
  co_return result;
}

void PostgresLane::settle(Group& group, const PostgresResult& rows) {
  group.statement->answer(rows, group.asked);
  WaitingCalls done;
  WaitingCalls again;
  for (auto& call : group.calls)
    (call->call().is_to_be_made_again ? again : done).push_back(std::move(call));
  group.calls.clear();
  queue_.put_back(std::move(again));
  finish(std::move(done));
}

// Nothing of the group has happened.
void PostgresLane::settle_fault(Group& group, const PostgresResult& fault) {
  const FaultKind kind = fault_kind(fault.sqlstate());
  const bool splits = kind == FaultKind::of_one && group.calls.size() > 1;
  if (kind == FaultKind::contention || splits) {
    for (const auto& call : group.calls)
      call->is_to_be_alone = call->is_to_be_alone || splits;
    is_contended_ = kind == FaultKind::contention;
    queue_.put_back(std::exchange(group.calls, {}));
    return;
  }
  const auto thrown = std::make_exception_ptr(
      Unavailable(fmt::format("{}: {}{}", url_.shown(), fault.fault(), hint(kind))));
  finish(std::exchange(group.calls, {}), thrown);
  if (kind == FaultKind::of_connection) std::rethrow_exception(thrown);
}

// A look-up can be made once more by another connection; of what changes something nobody knows
// whether it has happened.
void PostgresLane::give_up(Groups& groups, const std::exception_ptr& fault) {
  for (Group& group : groups) {
    WaitingCalls again;
    WaitingCalls lost;
    for (auto& call : group.calls) {
      const bool repeats = group.statement->is_repeatable() && !call->was_repeated;
      call->was_repeated = true;
      (repeats ? again : lost).push_back(std::move(call));
    }
    queue_.put_back(std::move(again));
    finish(std::move(lost), fault);
  }
}

// Can also end without a reason: whoever waits for something looks again whether it is there.
Task<void> PostgresLane::wait(Wanted wanted, Clock::time_point until) {
  const auto end = [this](const boost::system::error_code& fault) {
    if (!fault) event_.cancel();
  };
  socket_.async_wait(asio::posix::stream_descriptor::wait_read, end);
  if (wanted == Wanted::both) socket_.async_wait(asio::posix::stream_descriptor::wait_write, end);
  event_.expires_at(until);
  boost::system::error_code ignored;
  co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  socket_.cancel(ignored);
  if (Clock::now() >= until) throw_unavailable(url_, "no answer in time");
}

Task<void> PostgresLane::pause(milliseconds time) {
  if (is_closing_) co_return;
  event_.expires_after(time);
  boost::system::error_code ignored;
  co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

} // namespace assay::stores
