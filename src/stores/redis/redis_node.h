// One server of a Redis: a few connections to it, made again when they break.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "stores/redis/redis_connection.h"

namespace assay::stores {

// Who sends requests to nodes, and knows what to do with what comes back.
class RedisNodeOwner {
public:
  virtual ~RedisNodeOwner() = default;
  virtual void on_reply(const RedisEndpoint& node, RedisRequest request, RedisReply reply) = 0;
  virtual void on_failure(RedisRequest request, const std::string& why) = 0;
  virtual void on_lost_connection() = 0;
};

// Its loop's thread alone uses it.
class RedisNode final : public RedisReplyTaker, public std::enable_shared_from_this<RedisNode> {
public:
  RedisNode(asio::io_context& loop, RedisAccess& access, RedisEndpoint endpoint,
            RedisNodeOwner& owner);

  void start();

  // By the connection with the fewest requests, or as soon as there is one.
  void submit(RedisRequest request);

  // Those that were not sent yet.
  std::deque<RedisRequest> take_waiting();

  // Fails what has waited too long for a connection, and breaks a connection that does not answer.
  void expire(std::chrono::steady_clock::time_point now);

  // Its name may lead to another server now.
  void reconnect(const std::string& why);

  // For good: fails all that it has.
  void close(const std::string& why);

  bool is_open() const;
  bool is_idle() const;
  const RedisEndpoint& endpoint() const { return endpoint_; }
  std::string named(const std::string& why) const;

private:
  void take_reply(RedisRequest request, RedisReply reply) override;
  void take_shortfall(RedisRequest request, const std::string& why) override;
  Task<void> keep_connected(std::size_t place);
  Task<void> connect_once(std::size_t place);
  Task<void> pause(std::size_t place, unsigned failures);
  void send_waiting(RedisConnection& connection);

  asio::io_context& loop_;
  RedisAccess& access_;
  RedisEndpoint endpoint_;
  RedisNodeOwner& owner_;
  std::vector<std::shared_ptr<RedisConnection>> connections_; // null: between two tries
  std::vector<std::unique_ptr<asio::steady_timer>> timers_;   // one a connection
  std::deque<RedisRequest> waiting_;
  std::string fault_ = "no connection yet"; // why there is none
  bool closed_ = false;
};

} // namespace assay::stores
