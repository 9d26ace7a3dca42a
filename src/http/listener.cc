#include "http/listener.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "base/assert.h"
#include "http/connection.h"
#include "http/socket.h"

namespace assay::http {

namespace {

// Accepting fails when the process has no file descriptor left: some will be closed meanwhile.
constexpr std::chrono::milliseconds kAcceptPause{50};

void check(const boost::system::error_code& error, const Tcp::endpoint& endpoint) {
  if (!error) return;
  throw std::system_error(error, fmt::format("cannot listen on {} port {}",
                                             endpoint.address().to_string(), endpoint.port()));
}

Tcp::endpoint endpoint_of(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) throw std::system_error(error, fmt::format("cannot listen on \"{}\"", address));
  return {parsed, port};
}

// Binding without SO_REUSEPORT: with it, two servers would share the port and never know.
void refuse_taken(asio::io_context& context, const Tcp::endpoint& endpoint) {
  boost::system::error_code error;
  Acceptor probe(context);
  probe.open(endpoint.protocol(), error);
  check(error, endpoint);
  probe.set_option(Acceptor::reuse_address(true), error);
  check(error, endpoint);
  probe.bind(endpoint, error);
  check(error, endpoint);
}

// The kernel spreads the connections over all sockets that have this option and the same port.
void share_port(Acceptor& acceptor, boost::system::error_code& error) {
  const int on = 1;
  if (setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    error.assign(errno, boost::system::system_category());
}

Task<void> serve(std::unique_ptr<Connection> connection) { co_await connection->serve(); }

} // namespace

// One io_context's part of the listener.
class Listener::Shard {
public:
  Shard(asio::io_context& context, const ServiceParts& parts,
        std::shared_ptr<std::atomic<std::size_t>> open_connections)
      : acceptor_(context), pause_(context),
        surroundings_(new Surroundings{.parts = parts,
                                       .router = {},
                                       .tls = {},
                                       .timekeeper = {context, parts.limits},
                                       .open_connections = std::move(open_connections),
                                       .date = {}}) {}

  void listen(const Tcp::endpoint& endpoint) {
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    check(error, endpoint);
    acceptor_.set_option(Acceptor::reuse_address(true), error);
    check(error, endpoint);
    share_port(acceptor_, error);
    check(error, endpoint);
    acceptor_.bind(endpoint, error);
    check(error, endpoint);
    acceptor_.listen(Acceptor::max_listen_connections, error);
    check(error, endpoint);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  static void start(std::shared_ptr<Shard> self, std::shared_ptr<const Router> router,
                    std::shared_ptr<const crypto::TlsContext> tls) {
    self->surroundings_->router = std::move(router);
    self->surroundings_->tls = std::move(tls);
    const Executor executor = self->acceptor_.get_executor();
    asio::co_spawn(executor, accept_all(std::move(self)), asio::detached);
  }

  static void replace_router(const std::shared_ptr<Shard>& self,
                             std::shared_ptr<const Router> router) {
    asio::post(self->acceptor_.get_executor(),
               [self, router = std::move(router)] { self->surroundings_->router = router; });
  }

  static void replace_tls(const std::shared_ptr<Shard>& self,
                          std::shared_ptr<const crypto::TlsContext> tls) {
    asio::post(self->acceptor_.get_executor(),
               [self, tls = std::move(tls)] { self->surroundings_->tls = tls; });
  }

  static void drain(const std::shared_ptr<Shard>& self) {
    asio::post(self->acceptor_.get_executor(), [self] { self->drain_here(); });
  }

private:
  // Keeps the shard: it may be waiting when the listener dies.
  static Task<void> accept_all(std::shared_ptr<Shard> self) {
    while (self->acceptor_.is_open()) {
      auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
      if (!error) {
        self->admit(std::move(socket));
      } else if (self->acceptor_.is_open()) {
        self->pause_.expires_after(kAcceptPause);
        co_await self->pause_.async_wait(kAwait);
      }
    }
  }

  void admit(Socket socket) {
    if (*surroundings_->open_connections >= surroundings_->parts.limits.connections) return;
    boost::system::error_code error;
    socket.non_blocking(true, error);
    if (error) return;
    socket.set_option(Tcp::no_delay(true), error); // Without it the client waits longer: no fault.
    auto connection = std::make_unique<Connection>(std::move(socket), surroundings_);
    asio::co_spawn(acceptor_.get_executor(), serve(std::move(connection)), asio::detached);
  }

  void drain_here() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    surroundings_->draining = true;
    surroundings_->timekeeper.release_idle();
  }

  Acceptor acceptor_;
  Timer pause_;
  std::shared_ptr<Surroundings> surroundings_;
};

Listener::Listener(std::vector<asio::io_context*> contexts, const std::string& address,
                   std::uint16_t port, const ServiceParts& parts)
    : open_connections_(std::make_shared<std::atomic<std::size_t>>(0)), port_(port) {
  ASSAY_ASSERT(!contexts.empty() && parts.report, "a context, and where to report to");
  refuse_taken(*contexts.front(), endpoint_of(address, port));
  for (asio::io_context* const context : contexts) {
    auto& shard =
        *shards_.emplace_back(std::make_shared<Shard>(*context, parts, open_connections_));
    shard.listen(endpoint_of(address, port_));
    port_ = shard.port();
  }
}

Listener::~Listener() = default;

void Listener::start(const std::shared_ptr<const Router>& router,
                     const std::shared_ptr<const crypto::TlsContext>& tls) {
  for (const auto& shard : shards_)
    Shard::start(shard, router, tls);
}

void Listener::replace_router(const std::shared_ptr<const Router>& router) {
  for (const auto& shard : shards_)
    Shard::replace_router(shard, router);
}

void Listener::replace_tls(const std::shared_ptr<const crypto::TlsContext>& tls) {
  for (const auto& shard : shards_)
    Shard::replace_tls(shard, tls);
}

void Listener::drain() {
  for (const auto& shard : shards_)
    Shard::drain(shard);
}

} // namespace assay::http
