// Access tokens that an API can check by itself (RFC 9068).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/random.h"
#include "oauth/token_locator.h"
#include "oauth/token_store.h"

namespace assay::oauth {

inline constexpr std::string_view kJwtAccessTokenType = "at+jwt"; // RFC 9068 section 2.1

// The `jti` of a new one: its locator, and 131 bits of chance.
std::string jwt_access_token_id(const TokenLocator& locator, const crypto::Random& random);

struct JwtAccessTokenClaims {
  std::string issuer;
  std::vector<std::string> parameters; // the names of those that are claims as well
};

// Where a token is known from: the token store or, if that was away, the token alone.
enum class TokenBacking { stored, unstored };

// Our own claim in unstored ones: an object of what else the record would tell.
inline constexpr std::string_view kUnstoredClaim = "unstored";
inline constexpr std::string_view kUnstoredService = "service";
inline constexpr std::string_view kUnstoredTokenType = "token_type";

// The payload (RFC 9068 section 2.2) of the token that the record is of, but for its key. `id`
// stands first: locator_in_jwt() finds it there. The claim of unstored ones is the second.
std::string jwt_access_token_payload(const TokenRecord& record, std::string_view id,
                                     const JwtAccessTokenClaims& claims,
                                     TokenBacking backing = TokenBacking::stored);

// What the beginning of a token says, if it is a JWT of ours by its looks; nothing is verified.
std::optional<std::string> jwt_access_token_id_in(std::string_view token);

// Whether its beginning looks like an unstored one's; nothing is verified. Cheap: of all tokens
// that come, next to none is one.
bool looks_unstored(std::string_view token);

} // namespace assay::oauth
