#include "bench/wire.h"

#include <cerrno>
#include <stdexcept>

#include <openssl/ssl.h>
#include <sys/socket.h>

namespace assay::bench {

namespace {

constexpr std::string_view kClosed = "the server closed a connection";

} // namespace

TlsSide::TlsSide() : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
}

Wire::Wire(std::uint16_t port, const std::optional<TlsSide>& tls)
    : socket_(connect_to(port)), session_(nullptr, SSL_free) {
  if (!tls) return;
  session_.reset(SSL_new(tls->context()));
  SSL_set_fd(session_.get(), socket_.number());
  for (;;) {
    const int done = SSL_connect(session_.get());
    if (done == 1) return;
    if (SSL_get_error(session_.get(), done) != SSL_ERROR_WANT_READ)
      throw std::runtime_error("a TLS handshake failed");
  }
}

Wire::~Wire() = default;
Wire::Wire(Wire&&) noexcept = default;

void Wire::send(std::string_view text) {
  std::size_t sent = 0;
  if (session_) {
    SSL_write_ex(session_.get(), text.data(), text.size(), &sent);
  } else {
    const ssize_t count = ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
    sent = count > 0 ? std::size_t(count) : 0;
  }
  if (sent != text.size()) throw std::runtime_error("a request could not be sent");
}

std::optional<std::size_t> Wire::receive(std::span<char> room) {
  if (session_) {
    std::size_t count = 0;
    const int done = SSL_read_ex(session_.get(), room.data(), room.size(), &count);
    if (done == 1) return count;
    if (SSL_get_error(session_.get(), done) == SSL_ERROR_WANT_READ) return std::nullopt;
    throw std::runtime_error(std::string(kClosed));
  }
  const ssize_t count = recv(socket_.number(), room.data(), room.size(), 0);
  if (count < 0 && errno == EAGAIN) return std::nullopt;
  if (count <= 0) throw std::runtime_error(std::string(kClosed));
  return std::size_t(count);
}

void Wire::end() {
  if (session_) SSL_shutdown(session_.get());
}

} // namespace assay::bench
