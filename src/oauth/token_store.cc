#include "oauth/token_store.h"

#include <cstdint>

#include "oauth/jwt_access_token.h"

namespace assay::oauth {

namespace {

// The length before the text, so that no two lists of texts run together into the same bytes: with
// plain joining, a sender could move characters between its name and its jti.
void append_part(std::string& parts, std::string_view text) {
  constexpr std::size_t kLengthBytes = 4;
  const auto length = static_cast<std::uint32_t>(text.size());
  for (std::size_t byte = 0; byte < kLengthBytes; ++byte)
    parts.push_back(static_cast<char>(length >> (8 * byte) & 0xFFU));
  parts.append(text);
}

} // namespace

TokenKey token_key(std::string_view text) {
  const auto id = jwt_access_token_id_in(text);
  return {crypto::sha256(text), TokenLocator::in(id ? *id : text)};
}

// Stores keep these digests across upgrades: another way to make them would let used assertions
// through again.
ReplayClaim replay_claim(std::string_view service, std::string_view issuer, std::string_view jti,
                         TimePoint acceptable_until) {
  std::string parts;
  for (const std::string_view part : {service, issuer, jti})
    append_part(parts, part);
  return {crypto::sha256(parts), acceptable_until};
}

} // namespace assay::oauth
