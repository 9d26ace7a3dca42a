// How long the connections of one io_context may take for what they do.
#pragma once

#include <array>
#include <cstddef>
#include <list>

#include "http/service.h"
#include "http/socket.h"

namespace assay::http {

enum class Phase {
  idle,      // nothing of the next request is here: Limits::idle_wait
  receiving, // a part of it is: Limits::request_wait
  answering, // the endpoint works: it has limits of its own
  sending,   // the client is slow to take the answer: Limits::request_wait
  closing    // the last answer is out: kClosingWait
};

inline constexpr std::size_t kPhaseCount = 5;

// How long a client has to read the last answer and close its end.
inline constexpr std::chrono::seconds kClosingWait{2};

// One timer for all connections: each phase lasts equally long for all, so that a list in the order
// of entry is one in the order of deadlines, and entering a phase costs a splice. For one thread.
class Timekeeper {
  struct Watched {
    Socket* socket;
    Phase phase;
    SteadyClock::time_point deadline;
  };
  using Queue = std::list<Watched>;

public:
  Timekeeper(asio::io_context& context, const Limits& limits);

  // A connection's place in the lists, from its first byte to its last. The keeper and the socket
  // outlive it.
  class Place {
  public:
    Place(Timekeeper& keeper, Socket& socket);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    // A deadline begins with the phase. Once it has passed the socket is closed, which ends the
    // operation that waits on it; an idle one ends its wait, and is closed a little later.
    void enter(Phase phase) { keeper_.enter(watched_, phase); }
    Phase phase() const { return watched_->phase; }

  private:
    Timekeeper& keeper_;
    Queue::iterator watched_;
  };

  // Ends the wait of each connection that is idle and has received nothing.
  void release_idle();

private:
  void enter(Queue::iterator watched, Phase phase);
  void move(Queue::iterator watched, Phase phase);
  Queue& queue(Phase phase) { return queues_[static_cast<std::size_t>(phase)]; }

  void end_wait(Queue::iterator watched);
  void set_alarm(SteadyClock::time_point time);
  void ring();

  const std::array<SteadyClock::duration, kPhaseCount> waits_;
  std::array<Queue, kPhaseCount> queues_;
  Timer timer_;
  SteadyClock::time_point alarm_ = SteadyClock::time_point::max();
};

} // namespace assay::http
