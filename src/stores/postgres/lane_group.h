// The connections that serve one queue of the token store.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"
#include "stores/postgres/call_queue.h"
#include "stores/postgres/postgres_lane.h"

namespace assay::stores {

// Thread-safe but for its making. The parts outlive it.
class LaneGroup {
public:
  LaneGroup(const PostgresLane::Parts& parts, std::size_t lanes);
  ~LaneGroup(); // after the loop's end
  LaneGroup(const LaneGroup&) = delete;
  LaneGroup& operator=(const LaneGroup&) = delete;

  // Returns once there is a connection; the loop runs. Throws Unavailable if none can be had.
  void await_connection() { queue_.await_opening(); }

  // Goes on where it was awaited, once the call is answered. Throws Unavailable; then nothing is
  // known of what it did.
  Task<void> perform(GroupedCall& call);

  // No call may come any more; those that wait are made still. The loop's work ends with them.
  void close();

private:
  void enqueue(std::unique_ptr<WaitingCall> call);
  void wake();
  void tick();

  asio::io_context& loop_;
  CallQueue queue_;
  LaneCount count_{queue_};
  asio::steady_timer clock_;
  bool is_closing_ = false; // the loop's thread's own
  std::vector<std::unique_ptr<PostgresLane>> lanes_;
};

} // namespace assay::stores
