// A connection of the token store: takes what waits, sends it in one go, and tells those who wait.
#pragma once

#include <chrono>
#include <exception>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/task.h"
#include "stores/postgres/call_queue.h"
#include "stores/postgres/postgres_connection.h"
#include "stores/postgres/reconnect_pause.h"

namespace assay::stores {

// How many lanes of a queue have a connection: without any, calls are turned away at once. Of the
// loop's thread.
class LaneCount {
public:
  explicit LaneCount(CallQueue& queue) : queue_(queue) {}

  void connected() {
    ++connected_;
    queue_.open();
  }
  void lost() { --connected_; }
  void failed(const std::string& fault) {
    if (connected_ == 0) queue_.shut(fault);
  }

private:
  CallQueue& queue_;
  int connected_ = 0;
};

// In pipeline mode: the statements of a group follow each other without waiting, each a transaction
// of its own. A call is answered once its transaction is committed, and then only. All members are
// of the loop's thread.
class PostgresLane {
public:
  using Clock = std::chrono::steady_clock;

  // From the sending of a group to its last answer. Then the connection is given up, and the engine
  // told: nobody knows what becomes of what was sent.
  static constexpr std::chrono::milliseconds kRoundTripMax{3000};
  // The engine ends by itself what we have given up, a little later: the other way round, a commit
  // that waits for a standby would be cut short and look as if it were done.
  static constexpr std::chrono::milliseconds kStatementMax{4000};

  // What the lanes of a store share.
  struct Parts {
    asio::io_context& loop;
    asio::thread_pool& cancelling; // of statements that were given up, which blocks
    const PostgresUrl& url;
  };

  // Sets out for no fewer calls than `worth`, if they have not waited for long.
  PostgresLane(const Parts& parts, CallQueue& queue, LaneCount& count, std::size_t worth)
      : cancelling_(parts.cancelling), url_(parts.url), queue_(queue), count_(count), worth_(worth),
        socket_(parts.loop), event_(parts.loop) {}

  // Ends after close(), when nothing waits any more.
  Task<void> run();

  bool is_idle() const { return is_idle_; }
  void wake() { event_.cancel(); }
  void close();

private:
  // What is one statement.
  struct Group {
    const GroupStatement* statement;
    WaitingCalls calls;
    std::vector<GroupedCall*> asked;
    bool prepares = false;
  };
  using Groups = std::vector<Group>;
  enum class Wanted { reading, both };

  Task<bool> try_connect();
  Task<void> connect();
  Task<void> serve();
  Task<void> serve_on();
  Task<void> idle();
  Task<void> perform(WaitingCalls calls);
  Task<void> exchange(Groups& groups);
  Task<void> receive(Group& group);
  Task<PostgresResult> next_result();
  Task<void> wait(Wanted wanted, Clock::time_point until);
  Task<void> pause(std::chrono::milliseconds time);

  static Groups groups_of(WaitingCalls calls);
  void send(Group& group);
  void settle(Group& group, const PostgresResult& rows);
  void settle_fault(Group& group, const PostgresResult& fault);
  void give_up(Groups& groups, const std::exception_ptr& fault);
  void watch();
  void cancel_statements();
  void disconnect();

  asio::thread_pool& cancelling_;
  const PostgresUrl& url_;
  CallQueue& queue_;
  LaneCount& count_;
  std::size_t worth_;
  asio::posix::stream_descriptor socket_; // libpq's: released before it is closed
  asio::steady_timer event_;              // ends each wait
  PostgresHandle connection_;
  std::set<std::string> prepared_;
  ReconnectPause reconnect_;
  Clock::time_point deadline_;
  bool is_connected_ = false;
  bool is_idle_ = false;
  bool is_contended_ = false;
  bool is_closing_ = false;
};

} // namespace assay::stores
