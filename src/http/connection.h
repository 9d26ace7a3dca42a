// One client's connection: reads its requests one after the other, has each answered, and sends
// the answers. The one place that catches what an endpoint throws.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "crypto/tls_context.h"
#include "http/http_date.h"
#include "http/message.h"
#include "http/receive_buffer.h"
#include "http/request_parser.h"
#include "http/router.h"
#include "http/service.h"
#include "http/socket.h"
#include "http/timekeeper.h"
#include "http/tls_channel.h"

namespace assay::http {

// What the connections of one io_context share. For its thread alone, but for the count.
struct Surroundings {
  const ServiceParts& parts;
  std::shared_ptr<const Router> router;          // the next request's
  std::shared_ptr<const crypto::TlsContext> tls; // the next connection's; null: in the clear
  Timekeeper timekeeper;
  std::shared_ptr<std::atomic<std::size_t>> open_connections;
  DateField date;
  bool draining = false; // every answer is its connection's last
};

class Connection {
public:
  // The socket is open and does not block.
  Connection(Socket socket, std::shared_ptr<Surroundings> surroundings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Serves the client until either end closes. The connection outlives the task.
  Task<void> serve();

private:
  // Those that may have to wait. On the way of an ordinary request only receive() is one of them,
  // and it is no coroutine of its own.
  Task<bool> begin_tls();
  Task<Received> receive();
  Task<void> answer_by(const WaitingHandler& handler);
  Task<bool> send_rest(std::string_view rest);
  Task<void> close_in_stages();

  void begin_request();
  bool parse_received();
  void await_more();
  bool owes_continue();

  // Prepares the answer, or returns the handler that has to be waited for.
  const WaitingHandler* begin_answer();
  void answer_by(const ImmediateHandler& handler);
  void prepare(const Response& response);
  std::string_view connection_option() const;

  // The answers to what went wrong: on the wire, and in the handler (for a catch block).
  const Response& parser_fault_answer() const;
  const Response& exception_answer() const;

  // Returns what the kernel does not take at once of an answer, and of bytes for the wire.
  std::string_view say(std::string_view text);
  std::string_view send_at_once(std::string_view bytes);
  void take_leave();

  std::shared_ptr<Surroundings> surroundings_;
  const ServiceParts& parts_;
  std::shared_ptr<const Router> router_; // this request's
  Socket socket_;
  std::unique_ptr<TlsChannel> tls_; // null: in the clear
  Timekeeper::Place place_;
  ReceiveBuffer received_;
  Request request_;
  RequestParser parser_;
  std::string answer_;
  bool continue_sent_ = false;
  bool last_ = false; // the answer is the connection's last
};

} // namespace assay::http
