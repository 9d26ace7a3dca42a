#include "http/tls_channel.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include "base/clock.h"

namespace assay::http {

namespace {

using Handshake = crypto::TlsSession::Handshake;

// A request with its assertion fits; what is longer comes in several pieces.
constexpr std::size_t kArrivedBytesMax = 8 * 1024;

// In the clear, to a client that speaks so.
constexpr std::string_view kSpeakTls = "HTTP/1.1 400 Bad Request\r\n"
                                       "Content-Type: text/plain\r\n"
                                       "Content-Length: 27\r\n"
                                       "Connection: close\r\n\r\n"
                                       "This port is for https://.\n";

} // namespace

TlsChannel::TlsChannel(Socket& socket, std::shared_ptr<const crypto::TlsContext> context)
    : socket_(socket), session_(std::move(context)),
      arrived_(std::make_unique_for_overwrite<char[]>(kArrivedBytesMax)) {}

Task<bool> TlsChannel::shake_hands() {
  for (;;) {
    const Handshake state = session_.shake_hands();
    if (state == Handshake::plain_http) {
      boost::system::error_code ignored;
      socket_.send(asio::buffer(kSpeakTls), 0, ignored);
      co_return false;
    }
    const bool flushed = co_await flush();
    if (!flushed || state != Handshake::waiting) co_return flushed&& state == Handshake::done;
    const bool more = co_await take_more();
    if (!more) co_return false;
  }
}

std::shared_ptr<const crypto::PeerCertificate> TlsChannel::client_certificate() const {
  return session_.peer_certificate(system_now());
}

Task<Received> TlsChannel::receive(std::span<char> room) {
  for (;;) {
    const auto count = session_.read(room);
    // To read can make alerts, and answers to the client's wish for new keys.
    const bool flushed = co_await flush();
    if (!count || !flushed) co_return Received{asio::error::eof, 0};
    if (*count > 0) co_return Received{{}, *count};
    const bool more = co_await take_more();
    if (!more) co_return Received{asio::error::eof, 0};
  }
}

std::string_view TlsChannel::seal(std::string_view text) {
  session_.write(text);
  return take_outgoing();
}

std::string_view TlsChannel::seal_end() {
  session_.end();
  return take_outgoing();
}

std::string_view TlsChannel::take_outgoing() {
  sealed_.assign(session_.outgoing());
  session_.sent();
  return sealed_;
}

Task<bool> TlsChannel::flush() {
  if (session_.outgoing().empty()) co_return true;
  const auto [error, count] =
      co_await asio::async_write(socket_, asio::buffer(session_.outgoing()), kAwait);
  session_.sent();
  co_return !error;
}

Task<bool> TlsChannel::take_more() {
  const auto [error, count] =
      co_await socket_.async_read_some(asio::buffer(arrived_.get(), kArrivedBytesMax), kAwait);
  session_.take({arrived_.get(), count});
  co_return !error;
}

} // namespace assay::http
