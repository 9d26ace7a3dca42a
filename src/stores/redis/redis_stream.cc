#include "stores/redis/redis_stream.h"

#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace assay::stores {

using asio::ip::tcp;

RedisStream::RedisStream(asio::io_context& loop, asio::ssl::context* tls)
    : resolver_(loop), socket_(loop) {
  if (tls) tls_.emplace(socket_, *tls);
}

// The name is looked up each time: after a failover it may lead elsewhere.
Task<void> RedisStream::connect(RedisEndpoint endpoint) {
  const std::string port = std::to_string(endpoint.port);
  const auto addresses = co_await resolver_.async_resolve(endpoint.host, port, asio::use_awaitable);
  co_await asio::async_connect(socket_, addresses, asio::use_awaitable);
  socket_.set_option(tcp::no_delay(true));
  socket_.set_option(asio::socket_base::keep_alive(true));
  if (!tls_) co_return;
  expect_host(endpoint.host);
  co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
}

Task<RedisStream::Read> RedisStream::read_some(asio::mutable_buffer buffer) {
  constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
  if (tls_) return tls_->async_read_some(buffer, kAwait);
  return socket_.async_read_some(buffer, kAwait);
}

void RedisStream::close() {
  boost::system::error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
}

void RedisStream::expect_host(const std::string& host) {
  tls_->set_verify_callback(asio::ssl::host_name_verification(host));
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  // RFC 6066 section 3 allows no addresses as names.
  if (not_an_address) SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str());
}

} // namespace assay::stores
