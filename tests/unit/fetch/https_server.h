// An HTTPS server on 127.0.0.1 that answers every connection with the same text.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "jose/private_key.h"

namespace assay::fetch {

class HttpsServer {
public:
  // The certificate is self-signed: whoever is to trust it trusts ca().
  HttpsServer(const jose::PrivateKey& key, std::string answer);
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  const std::string& ca() const { return certificate_; }
  std::string url() const;

  // How many connections there were.
  int connections() const { return connections_; }

private:
  void serve();

  std::string private_key_;
  std::string certificate_;
  std::string answer_;
  int listening_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

// With the Content-Length.
std::string http_answer(const std::string& head, const std::string& body);

} // namespace assay::fetch
