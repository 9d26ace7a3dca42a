#include "oauth/jwt_access_token.h"

#include <algorithm>

#include "base/base64url.h"
#include "base/strict_json.h"
#include "oauth/audience_list.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kIdBegin = R"({"jti":")";
constexpr std::string_view kUnstoredBegin = R"(","unstored":{)"; // right after the id
constexpr std::size_t kIdCharacters =
    TokenLocator::kCharacters + TokenLocator::kRandomCharactersMin;

// The first bytes of a JWT's payload, and at most two more; none if it has no more than that.
std::optional<std::string> payload_begin(std::string_view token, std::size_t bytes) {
  constexpr std::size_t kGroup = 3;
  const std::size_t characters = (bytes + kGroup) / kGroup * 4;
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos || token.size() - dot <= characters) return std::nullopt;
  return base64url_decode(token.substr(dot + 1, characters));
}

} // namespace

std::string jwt_access_token_id(const TokenLocator& locator, const crypto::Random& random) {
  return locator.text() + crypto::random_alphanumeric(TokenLocator::kRandomCharactersMin, random);
}

std::string jwt_access_token_payload(const TokenRecord& record, std::string_view id,
                                     const JwtAccessTokenClaims& claims, TokenBacking backing) {
  constexpr std::size_t kOwnMembers = 10;
  json::object members;
  members.reserve(kOwnMembers + claims.parameters.size());
  members["jti"] = id;
  if (backing == TokenBacking::unstored)
    members[kUnstoredClaim] = {{kUnstoredService, record.service},
                               {kUnstoredTokenType, record.token_type}};
  members["iss"] = claims.issuer;
  members["sub"] = record.subject;
  members["client_id"] = record.client_id;
  members["aud"] = audience_member(record.audience);
  members["iat"] = unix_seconds(record.issued_at);
  members["exp"] = unix_seconds(record.expires_at);
  // Empty if nothing was asked for and nothing is granted by default.
  if (!record.scope.empty()) members["scope"] = record.scope;
  if (!record.confirmation.empty()) members["cnf"] = to_members(record.confirmation);
  for (const auto& [name, value] : record.parameters)
    if (std::ranges::find(claims.parameters, name) != claims.parameters.end())
      members.emplace(name, value);
  return json::serialize(members);
}

std::optional<std::string> jwt_access_token_id_in(std::string_view token) {
  const auto begin = payload_begin(token, kIdBegin.size() + kIdCharacters);
  if (!begin || !begin->starts_with(kIdBegin)) return std::nullopt;
  return begin->substr(kIdBegin.size(), kIdCharacters);
}

bool looks_unstored(std::string_view token) {
  const std::size_t id_end = kIdBegin.size() + kIdCharacters;
  const auto begin = payload_begin(token, id_end + kUnstoredBegin.size());
  return begin && begin->starts_with(kIdBegin) &&
         std::string_view(*begin).substr(id_end).starts_with(kUnstoredBegin);
}

} // namespace assay::oauth
