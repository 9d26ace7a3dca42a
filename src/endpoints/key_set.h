// GET /api/oauth/jwks.json: the keys that tokens and answers of this server are checked by (RFC
// 7517 section 5, RFC 8414 section 2).
#pragma once

#include <chrono>

#include "http/message.h"
#include "registry/signing_keys.h"

namespace assay::endpoints {

// Thread-safe. The keys outlive it.
class KeySetEndpoint {
public:
  // `max_age`: how long a copy can be kept; a new key is published for longer before it signs.
  KeySetEndpoint(const registry::SigningKeys& keys, std::chrono::seconds max_age)
      : keys_(keys), max_age_(max_age) {}

  // 304 if the caller has it already (RFC 9110 section 13.1.2).
  http::Response answer(const http::Request& request) const;

private:
  const registry::SigningKeys& keys_;
  std::chrono::seconds max_age_;
};

} // namespace assay::endpoints
