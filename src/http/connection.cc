#include "http/connection.h"

#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <variant>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "base/clock.h"
#include "base/unavailable.h"
#include "http/request_id.h"
#include "http/response_writer.h"

namespace assay::http {

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// A longest line always fits: the parser refuses the header before the buffer is full.
constexpr std::size_t kReceiveBytesMin = 4096;

// What is read and thrown away after the last answer.
constexpr std::size_t kDiscardedBytesMax = 4 * 1024 * 1024;

std::string address_of_peer(const Socket& socket) {
  boost::system::error_code gone;
  const auto peer = socket.remote_endpoint(gone);
  return gone ? std::string() : peer.address().to_string();
}

} // namespace

Connection::Connection(Socket socket, std::shared_ptr<Surroundings> surroundings)
    : surroundings_(std::move(surroundings)), parts_(surroundings_->parts),
      socket_(std::move(socket)), place_(surroundings_->timekeeper, socket_),
      received_(std::max(parts_.limits.header_bytes, kReceiveBytesMin)),
      parser_(request_, parts_.limits) {
  request_.peer_address = address_of_peer(socket_);
  if (surroundings_->tls) tls_ = std::make_unique<TlsChannel>(socket_, surroundings_->tls);
  ++*surroundings_->open_connections;
}

Connection::~Connection() { --*surroundings_->open_connections; }

Task<void> Connection::serve() {
  if (tls_) {
    const bool begun = co_await begin_tls();
    if (!begun) co_return;
  }
  while (!last_ && !surroundings_->draining) {
    begin_request();
    while (!parse_received()) {
      // The kernel has room for it, as it has taken the answer before whole.
      if (owes_continue() && !say(kContinue).empty()) co_return;
      await_more();
      const auto [error, count] = co_await receive();
      if (error) co_return take_leave();
      received_.arrived(count);
    }

    // The request is whole and within the limits, or it is refused.
    place_.enter(Phase::answering);
    const WaitingHandler* const waiting = begin_answer();
    if (waiting != nullptr) co_await answer_by(*waiting);

    // The answer is written; the kernel takes it at once unless the client is slow.
    const std::string_view rest = say(answer_);
    if (rest.empty()) continue;
    const bool sent = co_await send_rest(rest);
    if (!sent) co_return;
  }
  co_await close_in_stages();
}

// In the time of one request: its first one cannot begin before.
Task<bool> Connection::begin_tls() {
  place_.enter(Phase::receiving);
  const bool agreed = co_await tls_->shake_hands();
  if (agreed) request_.client_certificate = tls_->client_certificate();
  co_return agreed;
}

Task<Received> Connection::receive() {
  const std::span<char> room = received_.room();
  if (tls_) return tls_->receive(room);
  return socket_.async_read_some(asio::buffer(room.data(), room.size()), kAwait);
}

Task<void> Connection::answer_by(const WaitingHandler& handler) {
  try {
    const Response response = co_await handler(request_);
    prepare(response);
  } catch (...) {
    prepare(exception_answer());
  }
}

Task<bool> Connection::send_rest(std::string_view rest) {
  place_.enter(Phase::sending);
  const auto [error, count] = co_await asio::async_write(socket_, asio::buffer(rest), kAwait);
  co_return !error;
}

// Closed at once, with bytes of the client still unread or on their way, the connection would be
// reset, and the reset could overtake the answer (RFC 9112 section 9.6).
Task<void> Connection::close_in_stages() {
  take_leave();
  boost::system::error_code ended;
  socket_.shutdown(Socket::shutdown_send, ended);
  place_.enter(Phase::closing);
  for (std::size_t discarded = 0; !ended && discarded < kDiscardedBytesMax;) {
    received_.used_up(received_.bytes().size());
    const auto [error, count] = co_await receive();
    ended = error;
    discarded += count;
  }
}

void Connection::begin_request() {
  renew_request_id(request_.id);
  parser_.restart();
  continue_sent_ = false;
}

bool Connection::parse_received() {
  received_.used_up(parser_.take(received_.bytes()));
  return parser_.is_done();
}

// The wait for a request begins with its first byte and is not prolonged by the others: a client
// that sends a byte now and then would otherwise hold the connection for ever.
void Connection::await_more() {
  const bool begun = parser_.stage() != RequestParser::Stage::request_line || !received_.empty();
  const Phase phase = begun ? Phase::receiving : Phase::idle;
  if (place_.phase() != phase) place_.enter(phase);
}

bool Connection::owes_continue() {
  const bool owed = !continue_sent_ && received_.empty() && parser_.awaits_continue();
  continue_sent_ = continue_sent_ || owed;
  return owed;
}

const WaitingHandler* Connection::begin_answer() {
  if (parser_.stage() == RequestParser::Stage::refused) {
    prepare(parser_fault_answer());
    return nullptr;
  }
  // Compared first: to copy the pointer is an atomic step on a line that all cores share.
  if (router_ != surroundings_->router) router_ = surroundings_->router;
  const auto found = router_->find(request_);
  if (const auto* refusal = std::get_if<Response>(&found)) {
    prepare(*refusal);
    return nullptr;
  }
  const Handler& handler = *std::get<const Handler*>(found);
  if (const auto* waiting = std::get_if<WaitingHandler>(&handler)) return waiting;
  answer_by(std::get<ImmediateHandler>(handler));
  return nullptr;
}

void Connection::answer_by(const ImmediateHandler& handler) {
  try {
    prepare(handler(request_));
  } catch (...) {
    prepare(exception_answer());
  }
}

void Connection::prepare(const Response& response) {
  // After a request that is refused nobody knows where the next one begins.
  const bool refused = parser_.stage() == RequestParser::Stage::refused;
  last_ = refused || !parser_.framing().keeps_alive() || surroundings_->draining;
  write_response(answer_, response,
                 {.request_id = request_.id,
                  .date = surroundings_->date.at(system_now()),
                  .connection = connection_option(),
                  .body_left_out = request_.method == "HEAD",
                  .over_tls = tls_ != nullptr});
}

std::string_view Connection::connection_option() const {
  if (last_) return "close";
  return parser_.framing().version() == Version::http_1_0 ? "keep-alive" : "";
}

const Response& Connection::parser_fault_answer() const {
  switch (parser_.fault()) {
  case RequestParser::Fault::malformed: return parts_.faults.malformed;
  case RequestParser::Fault::header_too_large: return parts_.faults.header_too_large;
  case RequestParser::Fault::body_too_large: return parts_.faults.body_too_large;
  }
}

const Response& Connection::exception_answer() const {
  try {
    throw;
  } catch (const Unavailable& fault) {
    parts_.report(request_.id, fault.what());
    return parts_.faults.unavailable;
  } catch (const std::exception& fault) {
    parts_.report(request_.id, fault.what());
    return parts_.faults.broken;
  }
}

std::string_view Connection::say(std::string_view text) {
  return send_at_once(tls_ ? tls_->seal(text) : text);
}

// What the kernel does not take of it now never arrives.
void Connection::take_leave() {
  if (tls_) send_at_once(tls_->seal_end());
}

std::string_view Connection::send_at_once(std::string_view bytes) {
  // A broken connection shows itself again when the rest is sent.
  boost::system::error_code blocked_or_broken;
  const std::size_t sent = socket_.send(asio::buffer(bytes), 0, blocked_or_broken);
  return bytes.substr(sent);
}

} // namespace assay::http
