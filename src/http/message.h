// A request and an answer as plain values. Nothing here knows of sockets, or of OAuth.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/peer_certificate.h"

namespace assay::http {

struct Field {
  std::string name;
  std::string value;
};

// Within the limits by construction: the connection has refused what was not (RFC 9112).
struct Request {
  std::string id; // made by the server: the answer's X-Correlation-ID
  std::string method;
  std::string path;  // before the first '?', as sent: not percent-decoded
  std::string query; // after it, without the '?'
  std::vector<Field> fields;
  std::string body;
  std::string peer_address;
  // What the client proved itself with when TLS began; null: nothing, or no TLS.
  std::shared_ptr<const crypto::PeerCertificate> client_certificate;

  // The first field of that name, whatever its letter case. None if absent.
  std::optional<std::string_view> field(std::string_view name) const;

  // How often a field of that name was sent: two Authorization headers are a fault, not a choice.
  std::size_t field_count(std::string_view name) const;
};

// Content-Length, Date, Connection and X-Correlation-ID are the connection's to add.
struct Response {
  unsigned status = 200;
  std::vector<Field> fields;
  std::string body;

  Response& with(std::string name, std::string value) {
    fields.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

Response json_response(unsigned status, std::string body);

} // namespace assay::http
