// One connection to a Redis: what is sent waits for its reply in the order of sending.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "stores/redis/redis_access.h"
#include "stores/redis/redis_call.h"
#include "stores/redis/redis_stream.h"

namespace assay::stores {

// Who is told of the replies.
class RedisReplyTaker {
public:
  virtual ~RedisReplyTaker() = default;
  virtual void take_reply(RedisRequest request, RedisReply reply) = 0;
  // It was carried out, but not everywhere where it was to be.
  virtual void take_shortfall(RedisRequest request, const std::string& why) = 0;
};

// What is sent within one turn of the loop goes out in one piece; so requests that wait at the same
// time share the way there and back. Its loop's thread alone uses it; it dies no sooner than what
// the loop does for it.
class RedisConnection final : public std::enable_shared_from_this<RedisConnection> {
public:
  RedisConnection(asio::io_context& loop, RedisAccess& access, RedisReplyTaker& taker);

  // Connects, proves who we are and brings the script. Throws; also when it is closed meanwhile.
  Task<void> open(RedisEndpoint endpoint);

  // Reads until the connection ends; always throws.
  Task<void> read_on();

  bool is_open() const { return open_; }
  void send(RedisRequest request);
  std::size_t in_flight() const { return in_flight_.size() + unconfirmed_.size(); }
  bool is_overdue(std::chrono::steady_clock::time_point now) const;

  // The first reason is the one that stays.
  void close(std::string_view why);
  std::string closed_because() const { return closed_because_.value_or(""); }

  // Of these nothing is known.
  std::vector<RedisRequest> take_unanswered();

private:
  enum class Expected { reply, nothing, replicas };
  struct Flight {
    Expected expected;
    RedisRequest request; // of `reply`
  };

  Task<void> greet();
  Task<RedisReply> ask(std::string command);
  Task<void> read_some();
  void take(RedisReply reply);
  void confirm(const RedisReply& replicas);
  void append(const RedisRequest& request);
  void flush_soon();
  void flush();

  asio::io_context& loop_;
  RedisAccess& access_;
  RedisReplyTaker& taker_;
  RedisStream stream_;
  RedisReader reader_;
  static constexpr std::size_t kChunkBytes = 16UL * 1024;
  std::array<char, kChunkBytes> chunk_{};
  std::string script_name_;
  bool open_ = false;
  std::optional<std::string> closed_because_;

  std::deque<Flight> in_flight_;
  // Writes with their replies, before the replicas have them.
  std::vector<std::pair<RedisRequest, RedisReply>> unconfirmed_;
  bool wrote_ = false; // since the replicas were waited for
  std::string outgoing_;
  std::string under_way_;
  bool flush_due_ = false;
  bool sending_ = false;
};

} // namespace assay::stores
