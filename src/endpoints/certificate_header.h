// The header by which a proxy that ends TLS passes the client's certificate on.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace assay::endpoints {

// The DER, whose inside is not looked at. In one of three forms: `:BASE64:` (RFC 9440), base64
// alone (HAProxy), PEM with percent-escapes (nginx). Reason: client_certificate_malformed.
Result<std::string> read_certificate_header(std::string_view value);

} // namespace assay::endpoints
