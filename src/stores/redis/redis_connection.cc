#include "stores/redis/redis_connection.h"

#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "stores/redis/redis_script.h"

namespace assay::stores {

namespace {

// An unknown command is quoted with its arguments, and one of them may be the password.
std::string_view shown(std::string_view error) {
  return error.substr(0, error.find(", with args beginning with"));
}

std::string wire(const std::vector<std::string_view>& arguments) {
  std::string bytes;
  append_redis_command(bytes, arguments);
  return bytes;
}

} // namespace

RedisConnection::RedisConnection(asio::io_context& loop, RedisAccess& access,
                                 RedisReplyTaker& taker)
    : loop_(loop), access_(access), taker_(taker),
      stream_(loop, access.tls ? &*access.tls : nullptr) {}

Task<void> RedisConnection::open(RedisEndpoint endpoint) {
  co_await stream_.connect(std::move(endpoint));
  co_await greet();
  open_ = true;
}

Task<void> RedisConnection::greet() {
  const RedisUrl& url = access_.url;
  if (!access_.password.empty()) {
    std::vector<std::string_view> credentials{"AUTH"};
    if (!url.user.empty()) credentials.emplace_back(url.user);
    credentials.push_back(access_.password.reveal());
    co_await ask(wire(credentials));
  }
  if (url.database != 0) {
    const std::string number = std::to_string(url.database);
    co_await ask(wire({"SELECT", number}));
  }
  RedisReply name = co_await ask(wire({"SCRIPT", "LOAD", kRedisScript}));
  script_name_ = std::move(name.text);
}

// The first reply that comes is its own: nothing else was asked yet.
Task<RedisReply> RedisConnection::ask(std::string command) {
  outgoing_ = std::move(command);
  flush();
  for (;;) {
    if (auto reply = reader_.next()) {
      if (reply->is_error()) throw Unavailable(std::string(shown(reply->text)));
      co_return *std::move(reply);
    }
    co_await read_some();
  }
}

Task<void> RedisConnection::read_on() {
  for (;;) {
    while (auto reply = reader_.next())
      take(*std::move(reply));
    co_await read_some();
  }
}

Task<void> RedisConnection::read_some() {
  if (closed_because_) throw Unavailable(*closed_because_);
  const auto [error, bytes] = co_await stream_.read_some(asio::buffer(chunk_));
  // Who closed it knows better what was wrong.
  if (closed_because_) throw Unavailable(*closed_because_);
  if (error) throw Unavailable(error.message());
  reader_.feed({chunk_.data(), bytes});
}

void RedisConnection::take(RedisReply reply) {
  if (in_flight_.empty()) throw Unavailable("it answers what it was not asked");
  Flight flight = std::move(in_flight_.front());
  in_flight_.pop_front();
  if (flight.expected == Expected::replicas) return confirm(reply);
  if (flight.expected == Expected::nothing) return;

  if (reply.is_error()) reply.text = shown(reply.text);
  const bool wrote = flight.request.command.effect == RedisCommand::Effect::writes;
  if (wrote && access_.url.replicas > 0 && !reply.is_error())
    unconfirmed_.emplace_back(std::move(flight.request), std::move(reply));
  else
    taker_.take_reply(std::move(flight.request), std::move(reply));
}

// WAIT says how many replicas have all that this connection wrote before it.
void RedisConnection::confirm(const RedisReply& replicas) {
  const std::int64_t wanted = access_.url.replicas;
  const bool enough = replicas.kind == RedisReply::Kind::integer && replicas.integer >= wanted;
  const std::string why = replicas.is_error()
                              ? std::string(shown(replicas.text))
                              : fmt::format("{} of {} replicas have it", replicas.integer, wanted);
  for (auto& [request, reply] : std::exchange(unconfirmed_, {})) {
    if (enough)
      taker_.take_reply(std::move(request), std::move(reply));
    else
      taker_.take_shortfall(std::move(request), why);
  }
}

void RedisConnection::send(RedisRequest request) {
  if (request.asking) {
    append_redis_command(outgoing_, {"ASKING"});
    in_flight_.push_back({Expected::nothing, {}});
  }
  append(request);
  wrote_ = wrote_ || request.command.effect == RedisCommand::Effect::writes;
  in_flight_.push_back({Expected::reply, std::move(request)});
  flush_soon();
}

void RedisConnection::append(const RedisRequest& request) {
  const RedisCommand& command = request.command;
  std::vector<std::string_view> arguments;
  arguments.reserve(command.arguments.size() + 2);
  if (command.form == RedisCommand::Form::script) {
    arguments.emplace_back(request.whole_script ? "EVAL" : "EVALSHA");
    arguments.emplace_back(request.whole_script ? kRedisScript : std::string_view(script_name_));
  }
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  append_redis_command(outgoing_, arguments);
}

void RedisConnection::flush_soon() {
  if (std::exchange(flush_due_, true)) return;
  asio::post(loop_, [self = shared_from_this()] {
    self->flush_due_ = false;
    self->flush();
  });
}

void RedisConnection::flush() {
  if (sending_ || outgoing_.empty() || closed_because_) return;
  if (wrote_ && access_.url.replicas > 0) {
    const std::string replicas = std::to_string(access_.url.replicas);
    const std::string milliseconds = std::to_string(access_.url.replicas_wait.count());
    append_redis_command(outgoing_, {"WAIT", replicas, milliseconds});
    in_flight_.push_back({Expected::replicas, {}});
    wrote_ = false;
  }
  sending_ = true;
  under_way_.clear();
  under_way_.swap(outgoing_);
  stream_.async_write(asio::buffer(under_way_),
                      [self = shared_from_this()](const auto& error, std::size_t) {
                        self->sending_ = false;
                        if (error)
                          self->close(error.message());
                        else
                          self->flush();
                      });
}

// They are answered in the order of sending: the oldest is the first.
bool RedisConnection::is_overdue(std::chrono::steady_clock::time_point now) const {
  if (!unconfirmed_.empty()) return unconfirmed_.front().first.deadline <= now;
  for (const Flight& flight : in_flight_)
    if (flight.expected == Expected::reply) return flight.request.deadline <= now;
  return false;
}

void RedisConnection::close(std::string_view why) {
  if (!closed_because_) closed_because_ = why;
  open_ = false;
  stream_.close();
}

std::vector<RedisRequest> RedisConnection::take_unanswered() {
  std::vector<RedisRequest> requests;
  for (auto& [request, reply] : std::exchange(unconfirmed_, {}))
    requests.push_back(std::move(request));
  for (Flight& flight : std::exchange(in_flight_, {}))
    if (flight.expected == Expected::reply) requests.push_back(std::move(flight.request));
  return requests;
}

} // namespace assay::stores
