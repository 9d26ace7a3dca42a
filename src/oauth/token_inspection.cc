#include "oauth/token_inspection.h"

#include <algorithm>

#include "oauth/audience_list.h"

namespace assay::oauth {

Task<Result<TokenRecord>> TokenInspection::look_up(Secret token, TimePoint now) const {
  auto record = find_unstored(token.reveal(), now);
  if (!record) record = co_await parts_.tokens.find(token_key(token.reveal()), now);
  if (!record) co_return refuse(Reason::token_unknown);
  if (record->is_rotated) co_return refuse(Reason::token_rotated);
  if (const auto standing = parts_.standing.check(*record); !standing)
    co_return std::unexpected(standing.error());
  co_return std::move(*record);
}

Result<void> TokenInspection::check_visible(const TokenRecord& record,
                                            const registry::Application& asker) const {
  if (is_owner(asker, record)) return {};
  // A refresh token is meant for this server alone: an API that is told it is active could take it
  // for an access token.
  if (record.kind == TokenKind::access && asker.may_introspect && serves(asker, record.audience))
    return {};
  return refuse(Reason::token_not_served);
}

bool TokenInspection::is_owner(const registry::Application& asker,
                               const TokenRecord& record) const {
  if (asker.id != record.client_id) return false;
  const auto owner = parts_.standing.owner(record);
  return owner && owner == parts_.askers(asker.id);
}

bool TokenInspection::serves(const registry::Application& asker, std::string_view audience) const {
  if (asker.serves.empty()) return names_audience(audience, parts_.issuer);
  return std::ranges::any_of(
      asker.serves, [&](const std::string& served) { return names_audience(audience, served); });
}

} // namespace assay::oauth
