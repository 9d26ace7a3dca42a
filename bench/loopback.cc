#include "bench/loopback.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace assay::bench {

namespace {

// More than any load of ours opens at once.
constexpr int kBacklog = 4096;

int checked(int outcome, const char* what) {
  if (outcome < 0) throw std::system_error(errno, std::generic_category(), what);
  return outcome;
}

sockaddr_in loopback_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void send_at_once(int socket) {
  const int on = 1;
  checked(setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
}

} // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) close(number_);
}

FileDescriptor listen_on_free_port() {
  FileDescriptor listener(
      checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  const sockaddr_in address = loopback_address(0);
  checked(bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "bind");
  checked(listen(listener.number(), kBacklog), "listen");
  return listener;
}

std::uint16_t port_of(const FileDescriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  checked(getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size),
          "getsockname");
  return ntohs(address.sin_port);
}

FileDescriptor connect_to(std::uint16_t port) {
  FileDescriptor connection(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  const sockaddr_in address = loopback_address(port);
  checked(connect(connection.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "connect");
  checked(fcntl(connection.number(), F_SETFL, O_NONBLOCK), "fcntl");
  send_at_once(connection.number());
  return connection;
}

FileDescriptor accept_from(const FileDescriptor& listener) {
  const int number = accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (number < 0 && errno != EAGAIN && errno != ECONNABORTED) checked(number, "accept4");
  FileDescriptor connection(number);
  if (number >= 0) send_at_once(number);
  return connection;
}

FileDescriptor make_epoll() {
  return FileDescriptor(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
}

void watch(const FileDescriptor& epoll, const FileDescriptor& socket, void* tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = tag;
  checked(epoll_ctl(epoll.number(), EPOLL_CTL_ADD, socket.number(), &event), "epoll_ctl");
}

} // namespace assay::bench
