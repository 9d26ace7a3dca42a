#include "stores/redis/redis_router.h"

#include <algorithm>
#include <utility>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

namespace assay::stores {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kTick{20};
constexpr milliseconds kMapPause{100};
constexpr milliseconds kMapTimeout{1000};
constexpr unsigned kTurnsMax = 200;

} // namespace

// The reply to CLUSTER SLOTS, for the router itself.
class RedisRouter::MapCall final : public RedisCall {
public:
  MapCall(RedisRouter& router, RedisEndpoint asked)
      : RedisCall(1), router_(router), asked_(std::move(asked)) {}
  std::size_t places() const override { return 0; }
  asio::any_io_executor executor() const override { return {}; }
  void finish() override {
    router_.map_asked_ = false;
    if (!fault()) router_.take_map(asked_, replies().front());
  }

private:
  RedisRouter& router_;
  RedisEndpoint asked_;
};

RedisRouter::RedisRouter(asio::io_context& loop, RedisAccess& access, OnOver on_over)
    : loop_(loop), access_(access), on_over_(std::move(on_over)), timer_(loop) {
  for (const RedisEndpoint& endpoint : access.url.endpoints)
    node_at(endpoint);
  if (is_cluster()) want_map();
}

void RedisRouter::submit(RedisRequest request) {
  ++under_way_;
  watch();
  dispatch(std::move(request));
}

void RedisRouter::dispatch(RedisRequest request) {
  if (request.deadline <= steady_clock::now())
    return on_failure(std::move(request), std::string(last_fault_));
  if (request.command.node) return node_at(*request.command.node).submit(std::move(request));
  if (!is_cluster()) return nodes_.begin()->second->submit(std::move(request));

  const RedisEndpoint* const master = slots_.master_of(request.command.slot);
  if (master) return node_at(*master).submit(std::move(request));
  want_map();
  dispatch_later(std::move(request));
}

void RedisRouter::dispatch_later(RedisRequest request) {
  later_.push_back({std::move(request), steady_clock::now() + kTick});
}

void RedisRouter::on_reply(const RedisEndpoint& node, RedisRequest request, RedisReply reply) {
  if (reply.is_error() && request.command.errors == RedisCommand::Errors::thrown)
    return on_fault(node_at(node), std::move(request), reply.text);
  --under_way_;
  if (request.call->settle(request.index, std::move(reply))) finish_soon(std::move(request.call));
}

void RedisRouter::on_fault(RedisNode& node, RedisRequest request, const std::string& error) {
  using Kind = RedisFault::Kind;
  const RedisFault fault = RedisFault::of(error, node.endpoint());
  const bool led_on = fault.kind == Kind::moved || fault.kind == Kind::ask;
  if (led_on && !is_cluster())
    return on_failure(std::move(request), node.named("it is of a cluster: use redis+cluster://"));
  if (fault.kind == Kind::refused || ++request.turns > kTurnsMax)
    return on_failure(std::move(request), node.named(error));

  const bool asking = std::exchange(request.asking, fault.kind == Kind::ask);
  switch (fault.kind) {
  case Kind::moved:
    slots_.set_master(request.command.slot, fault.node);
    want_map();
    return dispatch(std::move(request));
  case Kind::ask: return node_at(fault.node).submit(std::move(request));
  case Kind::script_gone:
    request.asking = asking;
    request.whole_script = true;
    return node.submit(std::move(request));
  case Kind::read_only:
    // What was the master is a replica now; where there is no map, the name may lead to the new
    // one.
    if (!is_cluster()) node.reconnect(error);
    [[fallthrough]];
  case Kind::not_now:
  case Kind::refused:
    last_fault_ = node.named(error);
    if (is_cluster()) want_map();
    return dispatch_later(std::move(request));
  }
}

void RedisRouter::on_failure(RedisRequest request, const std::string& why) {
  --under_way_;
  last_fault_ = why;
  if (request.call->fail(why)) finish_soon(std::move(request.call));
}

void RedisRouter::on_lost_connection() {
  if (is_cluster() && !closed_) want_map();
}

RedisNode& RedisRouter::node_at(const RedisEndpoint& endpoint) {
  auto& node = nodes_[endpoint];
  if (!node) {
    node = std::make_shared<RedisNode>(loop_, access_, endpoint, *this);
    node->start();
  }
  return *node;
}

void RedisRouter::finish_soon(std::shared_ptr<RedisCall> call) {
  over_.push_back(std::move(call));
  if (over_.size() == 1) asio::post(loop_, [this] { finish_calls(); });
}

// Those of one executor go on together: its thread is woken once a turn, not once a call.
void RedisRouter::finish_calls() {
  using Calls = std::vector<std::shared_ptr<RedisCall>>;
  std::vector<std::pair<asio::any_io_executor, Calls>> parts;
  for (auto& call : std::exchange(over_, {})) {
    on_over_(*call);
    const asio::any_io_executor executor = call->executor();
    auto part = std::ranges::find(parts, executor, [](const auto& known) { return known.first; });
    if (part == parts.end()) part = parts.emplace(part, executor, Calls());
    part->second.push_back(std::move(call));
  }
  for (auto& [executor, calls] : parts) {
    auto finish = [done = std::move(calls)] {
      for (const auto& call : done)
        call->finish();
    };
    if (executor) {
      // Its loop could otherwise end, and be destroyed, between the last task's end and that of
      // this call.
      const auto loop_goes_on = asio::prefer(executor, asio::execution::outstanding_work.tracked);
      asio::post(executor, std::move(finish));
    } else {
      finish();
    }
  }
}

void RedisRouter::want_map() {
  map_wanted_ = true;
  watch();
}

// Any node knows it; each time another one is asked.
void RedisRouter::ask_for_map() {
  std::vector<RedisNode*> able;
  for (const auto& [endpoint, node] : nodes_)
    if (node->is_open()) able.push_back(node.get());
  if (able.empty()) return;
  RedisNode& node = *able[map_turn_++ % able.size()];
  const auto now = steady_clock::now();
  map_asked_ = true;
  map_wanted_ = false;
  map_not_before_ = now + kMapPause;
  ++under_way_;
  node.submit({.command = RedisCommand::to(node.endpoint(), {"CLUSTER", "SLOTS"}),
               .call = std::make_shared<MapCall>(*this, node.endpoint()),
               .index = 0,
               .deadline = now + kMapTimeout});
}

void RedisRouter::take_map(const RedisEndpoint& asked, const RedisReply& reply) {
  slots_ = RedisSlots::of(reply, asked);
  if (!slots_.has_all()) last_fault_ = "Redis: slots of the cluster have no master";
  for (const auto& [endpoint, node] : nodes_) {
    // Of those that still wait for a connection, their slots may have another master now.
    for (RedisRequest& request : node->take_waiting())
      later_.push_back({std::move(request), {}});
  }
  forget_former_nodes();
}

// But for those of the settings: they are asked when all others are gone.
void RedisRouter::forget_former_nodes() {
  const std::vector<RedisEndpoint> masters = slots_.masters();
  std::erase_if(nodes_, [&](const auto& entry) {
    const auto& [endpoint, node] = entry;
    const auto& seeds = access_.url.endpoints;
    if (std::ranges::find(masters, endpoint) != masters.end() ||
        std::ranges::find(seeds, endpoint) != seeds.end() || !node->is_idle())
      return false;
    node->close("it has no slots any more");
    return true;
  });
}

// Runs only while something waits.
void RedisRouter::watch() {
  if (closed_ || std::exchange(watching_, true)) return;
  timer_.expires_after(kTick);
  timer_.async_wait([this](const auto& error) {
    watching_ = false;
    if (!error) tick();
  });
}

void RedisRouter::tick() {
  const auto now = steady_clock::now();
  for (const auto& [endpoint, node] : nodes_) {
    node->expire(now);
    if (is_cluster() && !node->is_open() && !node->is_idle()) map_wanted_ = true;
  }
  for (Later& due : std::exchange(later_, {})) {
    if (due.not_before <= now)
      dispatch(std::move(due.request));
    else
      later_.push_back(std::move(due));
  }
  if (map_wanted_ && !map_asked_ && map_not_before_ <= now) ask_for_map();
  if (under_way_ > 0 || map_wanted_) watch();
}

void RedisRouter::close() {
  const std::string why = "the token store is being closed";
  closed_ = true;
  for (const auto& [endpoint, node] : nodes_)
    node->close(why);
  for (Later& due : std::exchange(later_, {}))
    on_failure(std::move(due.request), why);
  timer_.cancel();
  finish_calls();
}

} // namespace assay::stores
