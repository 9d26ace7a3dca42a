#include "oauth/token_inspection.h"

#include <algorithm>

namespace assay::oauth {

Task<std::optional<TokenRecord>>
TokenInspection::inspect(Secret token, const registry::Application& asker, TimePoint now) const {
  auto record = co_await tokens_.find(token_key(token.reveal()), now);
  if (!record) co_return std::nullopt;

  const auto owner = owners_(*record);
  if (!owner || !owner->enabled) co_return std::nullopt;
  if (!may_see(asker, *record)) co_return std::nullopt;
  co_return record;
}

bool TokenInspection::may_see(const registry::Application& asker, const TokenRecord& record) const {
  if (asker.id == record.client_id) return true;
  // A refresh token is meant for this server alone: an API that is told it is active could take it
  // for an access token.
  return record.kind == TokenKind::access && asker.may_introspect && serves(asker, record.audience);
}

bool TokenInspection::serves(const registry::Application& asker, std::string_view audience) const {
  while (!audience.empty()) {
    const std::size_t end = std::min(audience.find(' '), audience.size());
    const std::string_view one = audience.substr(0, end);
    audience.remove_prefix(std::min(end + 1, audience.size()));
    if (asker.serves.empty() ? one == issuer_
                             : std::ranges::find(asker.serves, one) != asker.serves.end())
      return true;
  }
  return false;
}

} // namespace assay::oauth
