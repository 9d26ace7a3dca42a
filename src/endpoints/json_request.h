// A request whose body is one JSON object (RFC 7591 section 3.1).
#pragma once

#include "base/result.h"
#include "base/strict_json.h"
#include "http/message.h"

namespace assay::endpoints {

// Content-Type: application/json, in UTF-8 if it says so at all. Reasons:
// registration_body_malformed. The detail never quotes the body: it may hold a secret.
Result<json::object> read_json_request(const http::Request& request);

} // namespace assay::endpoints
