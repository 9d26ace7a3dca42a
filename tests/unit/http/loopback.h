// A service on 127.0.0.1 and a client for it that sends just the bytes that a test gives it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "http/listener.h"

namespace assay::http {

// Answers by the faults' own statuses. Paths of its own: POST and GET /echo tell the request back;
// GET /waiting does so too, from a coroutine, once release() has been called.
class LoopbackService {
public:
  explicit LoopbackService(std::size_t contexts = 1);
  ~LoopbackService();
  LoopbackService(const LoopbackService&) = delete;
  LoopbackService& operator=(const LoopbackService&) = delete;

  // Both before start().
  Router& router() { return *router_; }
  Limits& limits() { return parts_.limits; }

  void start(const std::shared_ptr<const crypto::TlsContext>& tls = nullptr);
  void release() { released_ = true; }

  Listener& listener() { return *listener_; }
  std::uint16_t port() const { return listener_->port(); }

  // How many requests are in /waiting.
  std::size_t waiting() const { return waiting_; }

  // What was reported: the request's id and the exception's text.
  std::vector<std::pair<std::string, std::string>> reports() const;

private:
  Task<Response> wait_and_echo(const Request& request);

  std::shared_ptr<Router> router_ = std::make_shared<Router>();
  ServiceParts parts_;
  std::atomic<bool> released_ = false;
  std::atomic<std::size_t> waiting_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> reports_;
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::thread> threads_;
};

struct Answer {
  unsigned status = 0;
  std::vector<Field> fields;
  std::string body;

  std::optional<std::string> field(std::string_view name) const;
};

// Every read ends after ten seconds at the latest, with an exception.
class LoopbackClient {
public:
  explicit LoopbackClient(std::uint16_t port);
  ~LoopbackClient();
  LoopbackClient(const LoopbackClient&) = delete;
  LoopbackClient& operator=(const LoopbackClient&) = delete;

  void send(std::string_view bytes) const;
  void end_sending() const;

  // The next answer. `has_body` is false for the answer to HEAD.
  Answer read_answer(bool has_body = true);

  // What has come and was not read otherwise, waiting for more if there is none; empty at the end.
  std::string read_some();

  // False if the server closes, or resets, without sending more.
  bool has_more();

  // True if the server closes in order, false if it resets the connection or sends more.
  bool is_closed_by_server();

private:
  // False at the end.
  bool receive();

  int socket_;
  std::string received_;
};

std::string post(std::string_view path, std::string_view body);
std::string get(std::string_view path);

} // namespace assay::http
