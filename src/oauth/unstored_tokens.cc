#include "oauth/unstored_tokens.h"

#include <algorithm>
#include <array>

#include "base/strict_json.h"
#include "jose/claims.h"
#include "jose/jws.h"
#include "oauth/audience_list.h"
#include "oauth/jwt_access_token.h"

namespace assay::oauth {

namespace {

// All others are parameters of the service.
constexpr std::array<std::string_view, 10> kOwnClaims{
    "jti", kUnstoredClaim, "iss", "sub", "client_id", "aud", "iat", "exp", "scope", "cnf"};

std::optional<std::string> text_in(const json::object& members, std::string_view name) {
  const json::value* member = members.if_contains(name);
  const auto* text = member ? member->if_string() : nullptr;
  if (!text) return std::nullopt;
  return std::string(*text);
}

const json::object* object_in(const json::object& members, std::string_view name) {
  const json::value* member = members.if_contains(name);
  return member ? member->if_object() : nullptr;
}

std::vector<std::pair<std::string, std::string>> parameters_in(const json::object& members) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& [name, value] : members)
    if (value.is_string() &&
        std::ranges::find(kOwnClaims, std::string_view(name)) == kOwnClaims.end())
      parameters.emplace_back(name, value.get_string());
  return parameters;
}

} // namespace

std::optional<TokenRecord> UnstoredTokens::read(std::string_view token, TimePoint now) const {
  if (!looks_unstored(token)) return std::nullopt;
  const auto jws = jose::parse_compact_jws(token);
  // Another JWT of ours, a signed introspection, say, must not pass for a token (RFC 8725 section
  // 3.11).
  if (!jws || jws->header.type != kJwtAccessTokenType || !jws->header.key_id) return std::nullopt;
  const auto known = keys_(*jws->header.key_id, now);
  if (!known || known->algorithm != jws->header.algorithm ||
      !known->key.verify(jws->header.algorithm, jws->signing_input, jws->signature))
    return std::nullopt;
  auto record = read_claims(jws->payload, now);
  if (record) record->key = token_key(token);
  return record;
}

// Of a payload that we wrote: what is missing was never there, and is no token.
std::optional<TokenRecord> UnstoredTokens::read_claims(std::string_view payload,
                                                       TimePoint now) const {
  const auto document = parse_strict_json(payload);
  const json::object* members = document ? document->if_object() : nullptr;
  const json::object* unstored = members ? object_in(*members, kUnstoredClaim) : nullptr;
  if (!unstored) return std::nullopt;
  const auto claims = jose::read_claims(*members);
  if (!claims || claims->issuer != issuer_ || !claims->subject || !claims->audiences ||
      !claims->issued_at || !claims->expires_at || *claims->expires_at <= now)
    return std::nullopt;
  const auto service = text_in(*unstored, kUnstoredService);
  const auto token_type = text_in(*unstored, kUnstoredTokenType);
  const auto client_id = text_in(*members, "client_id");
  const json::object* bound_to = object_in(*members, "cnf");
  const auto confirmation = bound_to ? read_confirmation(*bound_to) : Confirmation();
  if (!service || !token_type || !client_id || !confirmation) return std::nullopt;

  return TokenRecord{.key = {},
                     .kind = TokenKind::access,
                     .service = *service,
                     .client_id = *client_id,
                     .subject = *claims->subject,
                     .scope = claims->scope.value_or(""),
                     .audience = join_audience(*claims->audiences),
                     .token_type = *token_type,
                     .granted_at = *claims->issued_at,
                     .issued_at = *claims->issued_at,
                     .expires_at = *claims->expires_at,
                     .family = {},
                     .parameters = parameters_in(*members),
                     .confirmation = *confirmation};
}

} // namespace assay::oauth
