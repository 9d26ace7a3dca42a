// A request to a token endpoint (RFC 6749 section 3.2), read but not yet judged.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "oauth/client_credentials.h"
#include "oauth/parameters.h"
#include "oauth/presented_keys.h"

namespace assay::oauth {

// Its parameters are each of one grant or of all; a grant asks for what it needs by
// Parameters::require.
struct TokenRequest {
  std::string grant_type;
  std::optional<std::string> scope;
  std::vector<std::string> resources; // RFC 8707 section 2
  ClientCredentials credentials;
  PresentedKeys keys;
  Parameters parameters;
};

// Reasons: parameter_missing (grant_type), and those of read_client_credentials().
Result<TokenRequest> read_token_request(std::optional<std::string_view> authorization,
                                        PresentedKeys keys, Parameters parameters);

} // namespace assay::oauth
