#include "bench/closed_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <sys/epoll.h>

#include "bench/http_message.h"
#include "bench/loopback.h"
#include "bench/wire.h"

namespace assay::bench {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kReceiveBytes = std::size_t{16} * 1024;
constexpr std::size_t kAnswerBytesMax = std::size_t{64} * 1024;

// It never sleeps. A server whose answer wakes a sleeping client pays for that, several
// microseconds on a virtual machine, and one that keeps its clients busy does not: without this,
// the slower server would seem slower than it is.
constexpr int kDoNotWait = 0;

struct Connection {
  Wire wire;
  std::string received;
  SteadyClock::time_point sent_at;
};

// The code of "HTTP/1.1 200 OK".
std::string status_of(std::string_view answer) {
  constexpr std::size_t kBefore = std::string_view("HTTP/1.1 ").size();
  return answer.size() < kBefore + 3 ? "none" : std::string(answer.substr(kBefore, 3));
}

class ClosedLoop {
public:
  ClosedLoop(std::span<const std::string> requests, const LoopSettings& settings)
      : requests_(requests), settings_(settings) {
    if (settings.tls) tls_.emplace();
    outcome_.latencies.reserve(requests.size());
    const std::size_t count = std::min(settings.connections, requests.size());
    for (std::size_t i = 0; i < count; ++i) {
      connections_.push_back(
          std::make_unique<Connection>(Wire(settings.port, tls_), std::string(), begin_));
      watch(epoll_, connections_.back()->wire.socket(), connections_.back().get());
    }
  }

  LoopOutcome run() {
    begin_ = SteadyClock::now();
    for (const auto& connection : connections_)
      send_next(*connection);
    while (outcome_.latencies.size() < requests_.size())
      turn();
    outcome_.elapsed = SteadyClock::now() - begin_;
    return std::move(outcome_);
  }

private:
  void turn() {
    const int count = epoll_wait(epoll_.number(), events_.data(), int(events_.size()), kDoNotWait);
    if (count < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "epoll_wait");
    for (int i = 0; i < count; ++i)
      receive(*static_cast<Connection*>(events_[std::size_t(i)].data.ptr));
    if (SteadyClock::now() - begin_ > settings_.time_max)
      throw std::runtime_error("the time for this load is over before its last answer");
  }

  // A request always fits into the socket's buffer: the one before it has been answered.
  void send_next(Connection& connection) {
    if (next_ == requests_.size()) return;
    const std::string& request = requests_[next_++];
    connection.sent_at = SteadyClock::now();
    connection.wire.send(request);
  }

  void receive(Connection& connection) {
    const auto count = connection.wire.receive(buffer_);
    if (!count) return;
    connection.received.append(buffer_.data(), *count);
    const auto size = whole_message(connection.received);
    if (!size && connection.received.size() > kAnswerBytesMax)
      throw std::runtime_error("an answer is too long");
    if (!size) return;
    outcome_.latencies.push_back(SteadyClock::now() - connection.sent_at);
    count_answer(connection.received, size->header_bytes);
    connection.received.clear();
    send_next(connection);
  }

  void count_answer(std::string_view answer, std::size_t header_bytes) {
    const std::string status = status_of(answer);
    ++outcome_.statuses[status];
    outcome_.answer_bytes += answer.size();
    if (settings_.keep_bodies) outcome_.bodies.emplace_back(answer.substr(header_bytes));
    if (status == "200" && answer.contains(settings_.expected)) {
      ++outcome_.granted;
    } else if (!outcome_.first_refusal) {
      outcome_.first_refusal = answer;
    }
  }

  std::span<const std::string> requests_;
  std::size_t next_ = 0;
  const LoopSettings& settings_;
  std::optional<TlsSide> tls_;
  SteadyClock::time_point begin_;
  FileDescriptor epoll_ = make_epoll();
  std::vector<std::unique_ptr<Connection>> connections_;
  std::array<epoll_event, 128> events_{};
  std::array<char, kReceiveBytes> buffer_{};
  LoopOutcome outcome_;
};

} // namespace

LoopOutcome run_closed_loop(std::span<const std::string> requests, const LoopSettings& settings) {
  return ClosedLoop(requests, settings).run();
}

} // namespace assay::bench
