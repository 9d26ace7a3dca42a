// Bytes to and from a Redis, over TCP or TLS.
#pragma once

#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include "base/task.h"
#include "stores/redis/redis_url.h"

namespace assay::stores {

// For one connection; its loop's thread alone uses it.
class RedisStream {
public:
  // Without a context: plain TCP.
  RedisStream(asio::io_context& loop, asio::ssl::context* tls);

  // Throws boost::system::system_error; also when it is closed meanwhile.
  Task<void> connect(RedisEndpoint endpoint);

  using Read = std::tuple<boost::system::error_code, std::size_t>;
  Task<Read> read_some(asio::mutable_buffer buffer);

  template <class Handler> void async_write(asio::const_buffer bytes, Handler handler) {
    if (tls_)
      asio::async_write(*tls_, bytes, std::move(handler));
    else
      asio::async_write(socket_, bytes, std::move(handler));
  }

  void close();

private:
  void expect_host(const std::string& host);

  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

} // namespace assay::stores
