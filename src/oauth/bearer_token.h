// Reads a bearer token from the Authorization header (RFC 6750 section 2.1), the one way in which
// one is taken: in the form or the query it ends up in logs.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace assay::oauth {

// `authorization` is the header's value, if there is one. Another scheme than Bearer counts as no
// token (RFC 6750 section 3.1). Reasons: token_missing, token_malformed.
Result<Secret> read_bearer_token(std::optional<std::string_view> authorization);

} // namespace assay::oauth
