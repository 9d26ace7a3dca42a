#include "stores/redis/redis_client.h"

#include <chrono>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace assay::stores {

namespace {

class BlockingCall final : public RedisCall {
public:
  using RedisCall::RedisCall;
  asio::any_io_executor executor() const override { return {}; }
  void finish() override {
    if (fault())
      done_.set_exception(fault());
    else
      done_.set_value(std::move(replies()));
  }
  std::future<RedisReplies> result() { return done_.get_future(); }

private:
  std::promise<RedisReplies> done_;
};

std::vector<RedisCommand> alone(RedisCommand command) {
  std::vector<RedisCommand> commands;
  commands.push_back(std::move(command));
  return commands;
}

} // namespace

RedisClient::RedisClient(RedisUrl url, const std::filesystem::path& folder)
    : access_(std::move(url), folder),
      router_(std::make_unique<RedisRouter>(
          loop_, access_, [this](const RedisCall& call) { outstanding_ -= call.places(); })),
      thread_([this] { loop_.run(); }) {}

RedisClient::~RedisClient() { // NOLINT(bugprone-exception-escape): but for want of memory
  asio::post(loop_, [this] {
    submit_queue();
    router_->close();
    loop_.stop();
  });
  thread_.join();
}

Task<RedisReplies> RedisClient::call(std::vector<RedisCommand> commands) {
  take_places(commands.size());
  RedisReplies replies = co_await enqueued(std::move(commands));
  co_return replies;
}

Task<RedisReplies> RedisClient::enqueued(std::vector<RedisCommand> commands) {
  return asio::async_initiate<const asio::use_awaitable_t<>,
                              void(std::exception_ptr, RedisReplies)>(
      [this](auto handler, std::vector<RedisCommand> given) {
        const std::size_t count = given.size();
        enqueue(std::move(given),
                std::make_shared<AwaitedRedisCall<decltype(handler)>>(count, std::move(handler)));
      },
      asio::use_awaitable, std::move(commands));
}

Task<RedisReply> RedisClient::call(RedisCommand command) {
  RedisReplies replies = co_await call(alone(std::move(command)));
  co_return std::move(replies.front());
}

RedisReplies RedisClient::call_and_wait(std::vector<RedisCommand> commands) {
  take_places(commands.size());
  const auto waiting = std::make_shared<BlockingCall>(commands.size());
  auto result = waiting->result();
  enqueue(std::move(commands), waiting);
  return result.get();
}

RedisReply RedisClient::call_and_wait(RedisCommand command) {
  return std::move(call_and_wait(alone(std::move(command))).front());
}

RedisSlots RedisClient::slots() {
  std::promise<RedisSlots> slots;
  asio::post(loop_, [&] { slots.set_value(router_->slots()); });
  return slots.get_future().get();
}

std::vector<RedisEndpoint> RedisClient::masters() {
  return is_cluster() ? slots().masters() : url().endpoints;
}

// Whoever cannot be answered in time is told so at once.
void RedisClient::take_places(std::size_t commands) {
  const std::size_t places = url().waiting_max;
  if (outstanding_.fetch_add(commands) + commands <= places) return;
  outstanding_ -= commands;
  throw Overloaded(fmt::format("Redis: {} commands wait already for an answer", places));
}

void RedisClient::enqueue(std::vector<RedisCommand> commands,
                          const std::shared_ptr<RedisCall>& call) {
  const RedisUrl& settings = url();
  const auto replicas_wait =
      settings.replicas > 0 ? settings.replicas_wait : std::chrono::milliseconds(0);
  const auto deadline = std::chrono::steady_clock::now() + settings.timeout + replicas_wait;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = queue_.empty();
    for (std::size_t index = 0; index < commands.size(); ++index)
      queue_.push_back({.command = std::move(commands[index]),
                        .call = call,
                        .index = index,
                        .deadline = deadline});
  }
  // Who finds others waiting need not wake the thread: it will come for all of them.
  if (first) asio::post(loop_, [this] { submit_queue(); });
}

void RedisClient::submit_queue() {
  std::vector<RedisRequest> due;
  {
    const std::lock_guard lock(mutex_);
    due.swap(queue_);
  }
  for (RedisRequest& request : due)
    router_->submit(std::move(request));
}

} // namespace assay::stores
