// Accepts connections on one address and serves them until told to stop.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "crypto/tls_context.h"
#include "http/router.h"
#include "http/service.h"

namespace boost::asio {
class io_context;
}

namespace assay::http {

// A listening port over several io_contexts, each run by one thread: each has its own acceptor
// (SO_REUSEPORT) and keeps its connections for itself. `parts` and the contexts outlive the
// listener; no context runs any more when it dies.
class Listener {
public:
  // Binds to an IP address; port 0 takes a free one. Throws std::system_error when it cannot, also
  // when another process listens there already.
  Listener(std::vector<asio::io_context*> contexts, const std::string& address, std::uint16_t port,
           const ServiceParts& parts);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The port really taken.
  std::uint16_t port() const { return port_; }

  // Begins to accept; without `tls`, in the clear.
  void start(const std::shared_ptr<const Router>& router,
             const std::shared_ptr<const crypto::TlsContext>& tls = nullptr);

  // From its next request on, each connection is served by this router; requests that are under way
  // keep the one before alive until they end, and an idle connection until its next. From any
  // thread, after start().
  void replace_router(const std::shared_ptr<const Router>& router);

  // New connections have these certificates and rules; those that are open keep theirs. From any
  // thread, after start() with others.
  void replace_tls(const std::shared_ptr<const crypto::TlsContext>& tls);

  // Stops accepting; idle connections are closed now, busy ones after their answer. Returns at
  // once. From any thread.
  void drain();

  // How many connections are open, over all threads. From any thread.
  std::size_t open_connections() const { return *open_connections_; }

private:
  class Shard;

  // Shared with the connections, which die with their contexts: after the listener.
  std::shared_ptr<std::atomic<std::size_t>> open_connections_;
  std::vector<std::shared_ptr<Shard>> shards_;
  std::uint16_t port_ = 0;
};

} // namespace assay::http
