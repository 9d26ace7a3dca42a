#include "http/timekeeper.h"

#include <algorithm>

#include <boost/system/error_code.hpp>

namespace assay::http {

namespace {

constexpr auto kForever = SteadyClock::duration::max();

} // namespace

Timekeeper::Timekeeper(asio::io_context& context, const Limits& limits)
    : waits_{limits.idle_wait, limits.request_wait, kForever, limits.request_wait, kClosingWait},
      timer_(context) {}

Timekeeper::Place::Place(Timekeeper& keeper, Socket& socket)
    : keeper_(keeper),
      watched_(keeper.queue(Phase::answering)
                   .insert(keeper.queue(Phase::answering).end(), {&socket, Phase::answering, {}})) {
}

Timekeeper::Place::~Place() { keeper_.queue(phase()).erase(watched_); }

void Timekeeper::release_idle() {
  for (const Watched& watched : queue(Phase::idle)) {
    // Cancelled rather than closed, and only if nothing is here: a request that has just arrived,
    // in the kernel or already on its way to the coroutine, still gets its answer.
    boost::system::error_code ignored;
    if (watched.socket->available(ignored) == 0) watched.socket->cancel(ignored);
  }
}

void Timekeeper::enter(Queue::iterator watched, Phase phase) {
  move(watched, phase);
  const auto wait = waits_[static_cast<std::size_t>(phase)];
  if (wait == kForever) return;
  watched->deadline = SteadyClock::now() + wait;
  if (watched->deadline < alarm_) set_alarm(watched->deadline);
}

void Timekeeper::move(Queue::iterator watched, Phase phase) {
  Queue& to = queue(phase);
  to.splice(to.end(), queue(watched->phase), watched);
  watched->phase = phase;
}

// The alarm is not put off when a deadline is: it rings once in vain instead, which is cheaper than
// setting it with every request.
void Timekeeper::set_alarm(SteadyClock::time_point time) {
  alarm_ = time;
  timer_.expires_at(time);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) ring();
  });
}

// An idle connection is left in good order, and has as long for it as for a last answer; the others
// have nothing more to say to each other.
void Timekeeper::end_wait(Queue::iterator watched) {
  boost::system::error_code ignored;
  if (watched->phase == Phase::idle) {
    watched->socket->cancel(ignored);
    enter(watched, Phase::closing);
  } else {
    watched->socket->close(ignored);
    move(watched, Phase::answering);
  }
}

void Timekeeper::ring() {
  alarm_ = SteadyClock::time_point::max();
  const auto now = SteadyClock::now();
  auto next = alarm_;
  for (std::size_t at = 0; at < kPhaseCount; ++at) {
    if (waits_[at] == kForever) continue;
    Queue& waiting = queues_[at];
    while (!waiting.empty() && waiting.front().deadline <= now)
      end_wait(waiting.begin());
    if (!waiting.empty()) next = std::min(next, waiting.front().deadline);
  }
  if (next != alarm_) set_alarm(next);
}

} // namespace assay::http
