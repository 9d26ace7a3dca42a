// GET /.well-known/oauth-authorization-server (RFC 8414): what this server is and can do, true to
// what is switched on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "jose/algorithm.h"

namespace assay::endpoints {

struct ServerFacts {
  std::string issuer;
  std::string authorization_path;
  std::string token_path; // of the first token service
  std::vector<std::string_view> grant_types;
  std::string introspection_path;
  std::string revocation_path;
  std::string key_set_path;
  std::string registration_path{}; // empty: none
  jose::Algorithm introspection_algorithm;
  bool binds_to_certificates; // clients can show one, here or at a proxy
};

// The document's path: the well-known segment stands between the issuer's host and its path (RFC
// 8414 section 3.1).
std::string discovery_path(std::string_view issuer);

// The document, made once: it changes with the settings alone.
http::Response discovery_document(const ServerFacts& facts);

} // namespace assay::endpoints
