// One connection of the load generator, in the clear or over TLS 1.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "bench/loopback.h"

struct ssl_ctx_st;
struct ssl_st;

namespace assay::bench {

// What connections over TLS have in common. The server is on this machine and its certificate is
// not looked at: the generator's time is not what is measured.
class TlsSide {
public:
  TlsSide();
  ssl_ctx_st* context() const { return context_.get(); }

private:
  std::shared_ptr<ssl_ctx_st> context_;
};

// Does not block, and never sleeps: what waits spins.
class Wire {
public:
  // Connected; over TLS the handshake, a full one, is over. Throws when the server refuses.
  Wire(std::uint16_t port, const std::optional<TlsSide>& tls);
  ~Wire();
  Wire(Wire&&) noexcept;
  Wire& operator=(Wire&&) = delete;

  const FileDescriptor& socket() const { return socket_; }

  // All of it; throws when it cannot be sent at once.
  void send(std::string_view text);

  // What is here; none if nothing is. Throws when the server has closed.
  std::optional<std::size_t> receive(std::span<char> room);

  // Says goodbye, over TLS.
  void end();

private:
  FileDescriptor socket_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
};

} // namespace assay::bench
