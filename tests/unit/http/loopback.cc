#include "unit/http/loopback.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "http/syntax.h"

namespace assay::http {

namespace {

FaultAnswers faults_by_status() {
  return {.unavailable = json_response(503, R"({"error":"unavailable"})"),
          .broken = json_response(500, R"({"error":"broken"})"),
          .malformed = json_response(400, R"({"error":"malformed"})"),
          .header_too_large = json_response(431, R"({"error":"header_too_large"})"),
          .body_too_large = json_response(413, R"({"error":"body_too_large"})")};
}

Response echo(const Request& request) {
  Response response;
  response.body =
      fmt::format("{} {}?{} {}", request.method, request.path, request.query, request.body);
  return response.with("Content-Type", "text/plain");
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

LoopbackService::LoopbackService(std::size_t contexts)
    : parts_{.limits = {}, .faults = faults_by_status(), .report = {}} {
  parts_.report = [this](const std::string& request_id, const std::string& what) {
    const std::scoped_lock lock(mutex_);
    reports_.emplace_back(request_id, what);
  };
  router_->add("/echo", {"GET", "POST"}, ImmediateHandler(echo));
  router_->add("/waiting", {"GET", "POST"},
               WaitingHandler([this](const Request& request) { return wait_and_echo(request); }));
  for (std::size_t count = 0; count < contexts; ++count)
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
}

LoopbackService::~LoopbackService() {
  for (const auto& context : contexts_)
    context->stop();
  for (std::thread& thread : threads_)
    thread.join();
}

void LoopbackService::start(const std::shared_ptr<const crypto::TlsContext>& tls) {
  std::vector<boost::asio::io_context*> contexts;
  for (const auto& context : contexts_)
    contexts.push_back(context.get());
  listener_ = std::make_unique<Listener>(contexts, "127.0.0.1", 0, parts_);
  listener_->start(router_, tls);
  for (boost::asio::io_context* const context : contexts)
    threads_.emplace_back([context] { context->run(); });
}

std::vector<std::pair<std::string, std::string>> LoopbackService::reports() const {
  const std::scoped_lock lock(mutex_);
  return reports_;
}

Task<Response> LoopbackService::wait_and_echo(const Request& request) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  ++waiting_;
  while (!released_) {
    timer.expires_after(std::chrono::milliseconds(2));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  --waiting_;
  co_return echo(request);
}

std::optional<std::string> Answer::field(std::string_view name) const {
  for (const Field& field : fields)
    if (equal_ignoring_case(field.name, name)) return field.value;
  return std::nullopt;
}

LoopbackClient::LoopbackClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  if (socket_ < 0) fail("socket");
  const timeval wait{.tv_sec = 10, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  close(socket_);
  fail("connect");
}

LoopbackClient::~LoopbackClient() { close(socket_); }

void LoopbackClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void LoopbackClient::end_sending() const { shutdown(socket_, SHUT_WR); }

Answer LoopbackClient::read_answer(bool has_body) {
  constexpr std::string_view kHeaderEnd = "\r\n\r\n";
  while (!received_.contains(kHeaderEnd))
    if (!receive()) throw std::runtime_error("closed within an answer's header");
  const std::size_t header_bytes = received_.find(kHeaderEnd) + kHeaderEnd.size();
  std::string_view header = std::string_view(received_).substr(0, header_bytes);

  Answer answer;
  answer.status = static_cast<unsigned>(std::stoul(std::string(split_off(header, '\n').substr(9))));
  while (header != "\r\n") {
    std::string_view line = split_off(header, '\n');
    const std::string_view name = split_off(line, ':');
    line.remove_suffix(1);
    answer.fields.push_back({std::string(name), std::string(trimmed(line))});
  }
  received_.erase(0, header_bytes);

  const auto length = answer.field("Content-Length");
  const std::size_t body_bytes = has_body && length ? std::stoul(*length) : 0;
  while (received_.size() < body_bytes)
    if (!receive()) throw std::runtime_error("closed within an answer's body");
  answer.body = received_.substr(0, body_bytes);
  received_.erase(0, body_bytes);
  return answer;
}

std::string LoopbackClient::read_some() {
  if (received_.empty()) receive();
  return std::exchange(received_, {});
}

bool LoopbackClient::has_more() {
  try {
    return !received_.empty() || receive();
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::connection_reset) return false;
    throw;
  }
}

bool LoopbackClient::is_closed_by_server() {
  try {
    return received_.empty() && !receive();
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::connection_reset) return false;
    throw;
  }
}

bool LoopbackClient::receive() {
  std::array<char, 4096> bytes{};
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
  if (count < 0) fail("recv");
  received_.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::string post(std::string_view path, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: loopback\r\nContent-Length: {}\r\n\r\n{}", path,
                     body.size(), body);
}

std::string get(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: loopback\r\n\r\n", path);
}

} // namespace assay::http
