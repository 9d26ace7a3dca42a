// Sockets on 127.0.0.1: the only address that the bench programs know, so that none of them can be
// pointed at somebody else's server.
#pragma once

#include <cstdint>
#include <utility>

namespace assay::bench {

// Owns one open file; closes it when it dies.
class FileDescriptor {
public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor();

  int number() const { return number_; }

private:
  int number_;
};

// All of these throw std::system_error when the kernel refuses.

// A non-blocking listening socket on a port that was free.
FileDescriptor listen_on_free_port();
std::uint16_t port_of(const FileDescriptor& socket);

// A non-blocking connected socket that sends at once (TCP_NODELAY).
FileDescriptor connect_to(std::uint16_t port);

// The next connection that waits, non-blocking and sending at once; a negative number if none does.
FileDescriptor accept_from(const FileDescriptor& listener);

FileDescriptor make_epoll();

// Reports when `socket` can be read, with `tag` as the event's data, until it is closed.
void watch(const FileDescriptor& epoll, const FileDescriptor& socket, void* tag);

} // namespace assay::bench
