#include "oauth/jwt_access_token.h"

#include <algorithm>

#include "base/base64url.h"
#include "base/strict_json.h"
#include "oauth/audience_list.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kIdBegin = R"({"jti":")";
constexpr std::size_t kIdCharacters =
    TokenLocator::kCharacters + TokenLocator::kRandomCharactersMin;

// The first characters of the payload, whole groups of four, that have all of the id.
constexpr std::size_t kGroup = 3;
constexpr std::size_t kEncodedIdCharacters =
    (kIdBegin.size() + kIdCharacters + kGroup) / kGroup * 4;

} // namespace

std::string jwt_access_token_id(const TokenLocator& locator, const crypto::Random& random) {
  return locator.text() + crypto::random_alphanumeric(TokenLocator::kRandomCharactersMin, random);
}

std::string jwt_access_token_payload(const TokenRecord& record, std::string_view id,
                                     const JwtAccessTokenClaims& claims) {
  json::object members{{"jti", id},
                       {"iss", claims.issuer},
                       {"sub", record.subject},
                       {"client_id", record.client_id},
                       {"aud", audience_member(record.audience)},
                       {"iat", unix_seconds(record.issued_at)},
                       {"exp", unix_seconds(record.expires_at)}};
  // Empty if nothing was asked for and nothing is granted by default.
  if (!record.scope.empty()) members["scope"] = record.scope;
  if (!record.confirmation.empty()) members["cnf"] = to_members(record.confirmation);
  for (const auto& [name, value] : record.parameters)
    if (std::ranges::find(claims.parameters, name) != claims.parameters.end())
      members.emplace(name, value);
  return json::serialize(members);
}

std::optional<std::string> jwt_access_token_id_in(std::string_view token) {
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos || token.size() - dot <= kEncodedIdCharacters)
    return std::nullopt;
  const auto begin = base64url_decode(token.substr(dot + 1, kEncodedIdCharacters));
  if (!begin || !begin->starts_with(kIdBegin)) return std::nullopt;
  return begin->substr(kIdBegin.size(), kIdCharacters);
}

} // namespace assay::oauth
