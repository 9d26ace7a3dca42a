// Unit K: what the kernel and loopback TCP alone cost a request on this machine. A bare epoll
// server on one thread that finds the end of each request by its Content-Length and answers always
// the same bytes, of the size and shape of a token answer. Everything else that a token server does
// comes on top of it.
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include <fmt/core.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/http_message.h"
#include "bench/loopback.h"

namespace assay::bench {

namespace {

// A forgotten one ends by itself (SIGALRM).
constexpr unsigned kLifeSecondsMax = 1800;
constexpr std::size_t kReceiveBytes = std::size_t{16} * 1024;

std::string fixed_answer() {
  const std::string body = R"({"access_token":")" + std::string(54, 'K') +
                           R"(","token_type":"Bearer","expires_in":3600,"scope":"read"})";
  return fmt::format("HTTP/1.1 200 OK\r\n"
                     "Content-Type: application/json\r\n"
                     "Cache-Control: no-store\r\n"
                     "Pragma: no-cache\r\n"
                     "X-Correlation-ID: {}\r\n"
                     "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                     "Content-Length: {}\r\n\r\n{}",
                     std::string(32, '0'), body.size(), body);
}

struct Connection {
  FileDescriptor socket;
  std::string received; // a request whose rest has yet to come; mostly empty
};

class BareServer {
public:
  BareServer() { watch(epoll_, listener_, nullptr); }

  std::uint16_t port() const { return port_of(listener_); }

  [[noreturn]] void serve() {
    std::array<epoll_event, 128> events{};
    for (;;) {
      const int count = epoll_wait(epoll_.number(), events.data(), events.size(), -1);
      for (const epoll_event& event : std::span(events).first(count < 0 ? 0 : std::size_t(count)))
        react(static_cast<Connection*>(event.data.ptr));
    }
  }

private:
  void react(Connection* connection) {
    if (connection == nullptr) return accept_all();
    if (!answer(*connection)) connections_.erase(connection);
  }

  void accept_all() {
    for (;;) {
      FileDescriptor socket = accept_from(listener_);
      if (socket.number() < 0) return;
      auto connection = std::make_unique<Connection>(std::move(socket), std::string());
      Connection* const key = connection.get();
      connections_.emplace(key, std::move(connection));
      watch(epoll_, key->socket, key);
    }
  }

  // False once the peer has gone.
  bool answer(Connection& connection) {
    const ssize_t count = recv(connection.socket.number(), buffer_.data(), buffer_.size(), 0);
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return false;

    std::string_view bytes(buffer_.data(), std::size_t(count));
    if (!connection.received.empty()) bytes = connection.received.append(bytes);
    const auto request = whole_message(bytes);
    if (!request) {
      if (connection.received.empty()) connection.received = bytes;
      return true;
    }
    connection.received.clear();
    const ssize_t sent =
        send(connection.socket.number(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
    return sent == ssize_t(answer_.size());
  }

  FileDescriptor listener_ = listen_on_free_port();
  FileDescriptor epoll_ = make_epoll();
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  std::array<char, kReceiveBytes> buffer_{};
  const std::string answer_ = fixed_answer();
};

} // namespace

} // namespace assay::bench

int main() try {
  alarm(assay::bench::kLifeSecondsMax);
  assay::bench::BareServer server;
  fmt::print("ready {}\n", server.port());
  std::fflush(stdout);
  server.serve();
} catch (const std::exception& error) {
  fmt::print(stderr, "raw_epoll: {}\n", error.what());
  return 1;
}
