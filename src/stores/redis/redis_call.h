// What waits for a Redis: calls, and the requests that they are made of.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

#include "base/unavailable.h"
#include "stores/redis/redis_command.h"

namespace assay::stores {

using RedisReplies = std::vector<RedisReply>;

// Commands that are asked side by side; over when each has its reply. Its loop's thread alone uses
// it until then.
class RedisCall {
public:
  explicit RedisCall(std::size_t commands) : replies_(commands), missing_(commands) {}
  virtual ~RedisCall() = default;
  RedisCall(const RedisCall&) = delete;
  RedisCall& operator=(const RedisCall&) = delete;

  // True: that was the last one.
  bool settle(std::size_t index, RedisReply reply) {
    replies_[index] = std::move(reply);
    return --missing_ == 0;
  }
  bool fail(const std::string& why) {
    if (!fault_) fault_ = std::make_exception_ptr(Unavailable(why));
    return --missing_ == 0;
  }

  // How many places it holds among those that may wait.
  virtual std::size_t places() const { return replies_.size(); }

  virtual asio::any_io_executor executor() const = 0; // none: the loop's thread
  virtual void finish() = 0;

protected:
  const std::exception_ptr& fault() const { return fault_; } // of the first that failed
  RedisReplies& replies() { return replies_; }

private:
  std::exception_ptr fault_;
  RedisReplies replies_;
  std::size_t missing_;
};

// Goes on where its coroutine was.
template <class Handler> class AwaitedRedisCall final : public RedisCall {
public:
  AwaitedRedisCall(std::size_t commands, Handler handler)
      : RedisCall(commands), handler_(std::move(handler)) {}
  asio::any_io_executor executor() const override {
    return asio::get_associated_executor(handler_);
  }
  void finish() override { std::move(handler_)(fault(), std::move(replies())); }

private:
  Handler handler_;
};

// One command of a call, on its way.
struct RedisRequest {
  RedisCommand command;
  std::shared_ptr<RedisCall> call;
  std::size_t index = 0;
  std::chrono::steady_clock::time_point deadline;
  unsigned turns = 0;        // how often it was sent back
  bool asking = false;       // its slot is on its way to the node
  bool whole_script = false; // the node does not know the script by its name
};

} // namespace assay::stores
