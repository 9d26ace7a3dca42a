// Brings each request to the node that has its key, wherever the cluster moves it meanwhile.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "stores/redis/redis_access.h"
#include "stores/redis/redis_node.h"
#include "stores/redis/redis_slots.h"

namespace assay::stores {

// Only what was certainly not carried out is sent again, until its time is over. Its loop's thread
// alone uses it.
class RedisRouter final : public RedisNodeOwner {
public:
  // Told when a call is over, and before its finish().
  using OnOver = std::function<void(const RedisCall& call)>;

  RedisRouter(asio::io_context& loop, RedisAccess& access, OnOver on_over);
  ~RedisRouter() override = default;
  RedisRouter(const RedisRouter&) = delete;
  RedisRouter& operator=(const RedisRouter&) = delete;

  void submit(RedisRequest request);
  const RedisSlots& slots() const { return slots_; }
  void close(); // fails all that is under way

private:
  class MapCall;
  struct Later {
    RedisRequest request;
    std::chrono::steady_clock::time_point not_before;
  };

  void on_reply(const RedisEndpoint& node, RedisRequest request, RedisReply reply) override;
  void on_failure(RedisRequest request, const std::string& why) override;
  void on_lost_connection() override;

  bool is_cluster() const { return access_.url.topology == RedisTopology::cluster; }
  void on_fault(RedisNode& node, RedisRequest request, const std::string& error);
  void dispatch(RedisRequest request);
  void dispatch_later(RedisRequest request);
  RedisNode& node_at(const RedisEndpoint& endpoint);
  void finish_soon(std::shared_ptr<RedisCall> call);
  void finish_calls();

  void want_map();
  void ask_for_map();
  void take_map(const RedisEndpoint& asked, const RedisReply& reply);
  void forget_former_nodes();

  void watch();
  void tick();

  asio::io_context& loop_;
  RedisAccess& access_;
  OnOver on_over_;
  std::map<RedisEndpoint, std::shared_ptr<RedisNode>> nodes_;
  RedisSlots slots_;
  std::vector<Later> later_;
  std::vector<std::shared_ptr<RedisCall>> over_;
  std::size_t under_way_ = 0; // requests
  std::string last_fault_ = "Redis: no node of the cluster has answered yet";

  bool map_wanted_ = false;
  bool map_asked_ = false;
  std::size_t map_turn_ = 0;
  std::chrono::steady_clock::time_point map_not_before_;

  asio::steady_timer timer_;
  bool watching_ = false;
  bool closed_ = false;
};

} // namespace assay::stores
