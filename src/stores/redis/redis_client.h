// Commands to a Redis or a cluster of them, from any thread: a thread of its own has all
// connections.
#pragma once

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"
#include "stores/redis/redis_access.h"
#include "stores/redis/redis_call.h"
#include "stores/redis/redis_router.h"

namespace assay::stores {

// Thread-safe. All calls throw Unavailable: when nothing is known of what became of the commands,
// when too many wait, and for the Redis' own errors.
class RedisClient {
public:
  // Does not wait for a connection.
  RedisClient(RedisUrl url, const std::filesystem::path& folder);
  ~RedisClient(); // what waits fails
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  // Asks them side by side; they may be carried out in any order.
  Task<RedisReplies> call(std::vector<RedisCommand> commands);
  Task<RedisReply> call(RedisCommand command);

  // The same for a thread that may block.
  RedisReplies call_and_wait(std::vector<RedisCommand> commands);
  RedisReply call_and_wait(RedisCommand command);

  const RedisUrl& url() const { return access_.url; }
  bool is_cluster() const { return access_.url.topology == RedisTopology::cluster; }

  // Which node has which slot, as far as it is known. For a thread that may block.
  RedisSlots slots();

  // The nodes that have the keys. For a thread that may block.
  std::vector<RedisEndpoint> masters();

private:
  void take_places(std::size_t commands);
  Task<RedisReplies> enqueued(std::vector<RedisCommand> commands);
  void enqueue(std::vector<RedisCommand> commands, const std::shared_ptr<RedisCall>& call);
  void submit_queue();

  RedisAccess access_;
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  std::atomic<std::size_t> outstanding_{0}; // commands
  std::mutex mutex_;
  std::vector<RedisRequest> queue_;
  std::unique_ptr<RedisRouter> router_; // the thread's own
  std::thread thread_;
};

} // namespace assay::stores
