// What a listening port needs to know of the service behind it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "http/message.h"

namespace assay::http {

struct Limits {
  std::size_t header_bytes = 16 * 1024; // all of a request that is not its body
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 20'000; // beyond it, new ones are closed at once
  // For one whole request, once its first byte is here; and for sending one answer.
  std::chrono::milliseconds request_wait = std::chrono::seconds(30);
  // Between the requests of a kept-alive connection, and before the first.
  std::chrono::milliseconds idle_wait = std::chrono::seconds(120);
};

// What the connection answers by itself. Assembly gives the bodies, so that they have the shape
// that the endpoints' own errors have; none says more than the status does.
struct FaultAnswers {
  Response unavailable;      // an Unavailable reached the connection: 503 with Retry-After
  Response broken;           // any other exception: 500
  Response malformed;        // not HTTP: 400, then the connection is closed
  Response header_too_large; // 431, likewise
  Response body_too_large;   // 413, likewise
};

// Told of every exception that an endpoint let through, once, with the request's id. Called on the
// thread that served the request.
using FaultReport = std::function<void(const std::string& request_id, const std::string& what)>;

struct ServiceParts {
  Limits limits;
  FaultAnswers faults;
  FaultReport report;
};

} // namespace assay::http
