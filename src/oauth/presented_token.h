// Reads an access token from the Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1),
// the one way in which one is taken: in the form or the query it ends up in logs.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace assay::oauth {

enum class TokenScheme { bearer, dpop };

struct PresentedToken {
  TokenScheme scheme;
  Secret text;
};

// `authorization` is the header's value, if there is one. Another scheme than Bearer and DPoP
// counts as no token (RFC 6750 section 3.1). Reasons: token_missing, token_malformed.
Result<PresentedToken> read_presented_token(std::optional<std::string_view> authorization);

} // namespace assay::oauth
