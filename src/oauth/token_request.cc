#include "oauth/token_request.h"

#include <utility>

namespace assay::oauth {

Result<TokenRequest> read_token_request(std::optional<std::string_view> authorization,
                                        PresentedKeys keys, Parameters parameters) {
  const auto grant_type = parameters.require("grant_type");
  if (!grant_type) return std::unexpected(grant_type.error());
  auto credentials = read_client_credentials(authorization, parameters, keys);
  if (!credentials) return std::unexpected(std::move(credentials.error()));

  std::optional<std::string> scope;
  if (const auto sent = parameters.find("scope")) scope = std::string(*sent);
  return TokenRequest{std::string(*grant_type), std::move(scope), parameters.find_all("resource"),
                      std::move(*credentials),  std::move(keys),  std::move(parameters)};
}

} // namespace assay::oauth
