#include "stores/redis/redis_node.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include "crypto/random.h"

namespace assay::stores {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kPauseLeast{20};
constexpr milliseconds kPauseMost{1000};
constexpr milliseconds kConnectMax{5000};

// Doubled with each failure; between a half and the whole of it, so that the nodes of a site do
// not all come back at the same instant.
milliseconds pause_after(unsigned failures) {
  constexpr unsigned kDoublingsMax = 6;
  const milliseconds whole =
      std::min(kPauseMost, kPauseLeast * (1U << std::min(failures, kDoublingsMax)));
  std::array<unsigned char, 1> chance{};
  crypto::secure_random(chance);
  return whole / 2 + whole * chance[0] / (2 * (UINT8_MAX + 1));
}

} // namespace

RedisNode::RedisNode(asio::io_context& loop, RedisAccess& access, RedisEndpoint endpoint,
                     RedisNodeOwner& owner)
    : loop_(loop), access_(access), endpoint_(std::move(endpoint)), owner_(owner),
      connections_(access.url.connections) {
  for (std::size_t place = 0; place < connections_.size(); ++place)
    timers_.push_back(std::make_unique<asio::steady_timer>(loop));
}

void RedisNode::start() {
  for (std::size_t place = 0; place < connections_.size(); ++place)
    asio::co_spawn(
        loop_, [self = shared_from_this(), place] { return self->keep_connected(place); },
        asio::detached);
}

Task<void> RedisNode::keep_connected(std::size_t place) {
  for (unsigned failures = 0; !closed_; ++failures) {
    auto connection = connections_[place] =
        std::make_shared<RedisConnection>(loop_, access_, *this);
    bool was_open = false;
    try {
      co_await connect_once(place);
      was_open = true;
      send_waiting(*connection);
      co_await connection->read_on();
    } catch (const boost::system::system_error& fault) {
      connection->close(fault.code().message());
    } catch (const std::exception& fault) {
      connection->close(fault.what());
    }
    fault_ = connection->closed_because();
    connections_[place].reset();
    for (RedisRequest& request : connection->take_unanswered())
      owner_.on_failure(std::move(request), named(fault_));
    if (closed_) co_return;
    owner_.on_lost_connection();
    if (was_open) failures = 0;
    co_await pause(place, failures);
  }
}

// A timer closes the connection if it takes too long.
Task<void> RedisNode::connect_once(std::size_t place) {
  asio::steady_timer& timer = *timers_[place];
  timer.expires_after(kConnectMax);
  timer.async_wait([connection = std::weak_ptr(connections_[place])](const auto& error) {
    const auto still = connection.lock();
    if (!error && still && !still->is_open()) still->close("no connection in time");
  });
  co_await connections_[place]->open(endpoint_);
  timer.cancel();
}

Task<void> RedisNode::pause(std::size_t place, unsigned failures) {
  asio::steady_timer& timer = *timers_[place];
  timer.expires_after(pause_after(failures));
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void RedisNode::submit(RedisRequest request) {
  RedisConnection* best = nullptr;
  for (const auto& connection : connections_)
    if (connection && connection->is_open() &&
        (!best || connection->in_flight() < best->in_flight()))
      best = connection.get();
  if (best)
    best->send(std::move(request));
  else
    waiting_.push_back(std::move(request));
}

std::deque<RedisRequest> RedisNode::take_waiting() { return std::exchange(waiting_, {}); }

void RedisNode::send_waiting(RedisConnection& connection) {
  for (RedisRequest& request : take_waiting())
    connection.send(std::move(request));
}

void RedisNode::expire(steady_clock::time_point now) {
  for (RedisRequest& request : take_waiting()) {
    if (request.deadline <= now)
      owner_.on_failure(std::move(request), named(fault_));
    else
      waiting_.push_back(std::move(request));
  }
  for (const auto& connection : connections_)
    if (connection && connection->is_overdue(now)) connection->close("no answer in time");
}

void RedisNode::reconnect(const std::string& why) {
  for (const auto& connection : connections_)
    if (connection) connection->close(why);
}

void RedisNode::close(const std::string& why) {
  closed_ = true;
  for (RedisRequest& request : take_waiting())
    owner_.on_failure(std::move(request), why);
  for (const auto& connection : connections_) {
    if (!connection) continue;
    connection->close(why);
    for (RedisRequest& request : connection->take_unanswered())
      owner_.on_failure(std::move(request), why);
  }
  for (const auto& timer : timers_)
    timer->cancel();
}

bool RedisNode::is_open() const {
  return std::ranges::any_of(connections_,
                             [](const auto& each) { return each && each->is_open(); });
}

bool RedisNode::is_idle() const {
  return waiting_.empty() && std::ranges::none_of(connections_, [](const auto& each) {
           return each && each->in_flight() > 0;
         });
}

void RedisNode::take_reply(RedisRequest request, RedisReply reply) {
  owner_.on_reply(endpoint_, std::move(request), std::move(reply));
}

void RedisNode::take_shortfall(RedisRequest request, const std::string& why) {
  owner_.on_failure(std::move(request), named(why));
}

std::string RedisNode::named(const std::string& why) const {
  return fmt::format("Redis {}: {}", endpoint_.text(), why);
}

} // namespace assay::stores
