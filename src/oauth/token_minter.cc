#include "oauth/token_minter.h"

#include <utility>

#include "base/assert.h"
#include "oauth/token_locator.h"

namespace assay::oauth {

namespace {

constexpr std::size_t kFamilyBytes = 16;

// RFC 9449 section 5: whoever sends such a token has to know that a proof goes with it.
constexpr std::string_view kDpopTokenType = "DPoP";

std::string token_text(std::size_t length, const TokenLocator& locator,
                       const crypto::Random& random) {
  if (length < TokenLocator::kCharacters + TokenLocator::kRandomCharactersMin)
    return crypto::random_alphanumeric(length, random);
  return locator.text() + crypto::random_alphanumeric(length - TokenLocator::kCharacters, random);
}

TokenLocator locator_of(const TokenRecord& record) {
  return TokenLocator::of(record.issued_at, record.expires_at);
}

} // namespace

TokenMinter::TokenMinter(const TokenServiceSettings& settings, Parts parts)
    : service_(settings.path), access_(settings.access_token), refresh_(settings.refresh_token),
      parameters_(settings.parameters),
      claims_{std::move(parts.issuer), settings.access_token.claims},
      random_(std::move(parts.random)), signer_(std::move(parts.signer)) {}

// Less its key, which its text gives.
TokenRecord TokenMinter::record_of(TokenKind kind, const ProvenSender& sender,
                                   const TokenBounds& bounds, TimePoint now) const {
  const bool access = kind == TokenKind::access;
  const bool by_proof = access && bounds.confirmation.key;
  return {.key = {},
          .kind = kind,
          .service = service_,
          .client_id = sender.application().id,
          .subject = sender.subject(),
          .scope = bounds.scope,
          .audience = bounds.audience,
          .token_type = by_proof ? std::string(kDpopTokenType) : access_.type,
          .granted_at = now,
          .issued_at = now,
          .expires_at = now + (access ? access_.lifetime : refresh_.lifetime),
          .family = {},
          .parameters = parameters_,
          .confirmation = access ? bounds.confirmation : Confirmation()};
}

TokenMinter::Minted TokenMinter::opaque(TokenRecord record) const {
  const std::size_t length = record.kind == TokenKind::access ? access_.length : refresh_.length;
  Secret text(token_text(length, locator_of(record), random_));
  record.key = token_key(text.reveal());
  return {std::move(text), std::move(record)};
}

Task<TokenMinter::Minted> TokenMinter::access_token(TokenRecord record) const {
  if (access_.format == TokenFormat::opaque) co_return opaque(std::move(record));
  co_return co_await jwt(std::move(record), TokenBacking::stored);
}

Task<TokenMinter::Minted> TokenMinter::jwt(TokenRecord record, TokenBacking backing) const {
  const std::string id = jwt_access_token_id(locator_of(record), random_);
  std::string payload = jwt_access_token_payload(record, id, claims_, backing);
  std::string signed_token = co_await signer_.sign(access_.algorithm, kJwtAccessTokenType,
                                                   std::move(payload), record.issued_at);
  Secret text(std::move(signed_token));
  record.key = token_key(text.reveal());
  co_return Minted{std::move(text), std::move(record)};
}

MintedToken TokenMinter::answer(Minted& access) const {
  return {
      std::move(access.text), {}, access.record.token_type, access_.lifetime, access.record.scope};
}

Task<Mint> TokenMinter::mint(const ProvenSender& sender, TokenBounds bounds, RefreshToken refresh,
                             TimePoint now) const {
  TokenRecord record = record_of(TokenKind::access, sender, bounds, now);
  const bool with_refresh = refresh == RefreshToken::as_configured && refresh_.issue;
  if (with_refresh) record.family = crypto::random_hex(kFamilyBytes, random_);
  Minted access = co_await access_token(std::move(record));
  Mint mint{answer(access), std::move(access.record), {}};
  if (!with_refresh) co_return mint;

  TokenRecord issued = record_of(TokenKind::refresh, sender, bounds, now);
  issued.family = mint.access.family;
  Minted refresh_token = opaque(std::move(issued));
  mint.token.refresh_token = std::move(refresh_token.text);
  mint.refresh = std::move(refresh_token.record);
  co_return mint;
}

Task<Mint> TokenMinter::mint_unstored(const ProvenSender& sender, TokenBounds bounds,
                                      TimePoint now) const {
  ASSAY_ASSERT(access_.format == TokenFormat::jwt, "a service whose access tokens are JWTs");
  Minted access =
      co_await jwt(record_of(TokenKind::access, sender, bounds, now), TokenBacking::unstored);
  co_return Mint{answer(access), std::move(access.record), {}};
}

Task<Mint> TokenMinter::mint_again(const ProvenSender& sender, const TokenRecord& presented,
                                   TokenBounds bounds, TimePoint now) const {
  // What came of one grant stays together: it is revoked together, and as old as the grant.
  const auto of_the_family = [&](TokenRecord record) {
    record.granted_at = presented.granted_at;
    record.family = presented.family;
    return record;
  };
  TokenRecord record = of_the_family(record_of(TokenKind::access, sender, bounds, now));
  Minted access = co_await access_token(std::move(record));
  Mint mint{answer(access), std::move(access.record), {}};
  if (refresh_.policy != RefreshPolicy::rotate) co_return mint;

  const TokenBounds whole{presented.scope, presented.audience};
  Minted successor = opaque(of_the_family(record_of(TokenKind::refresh, sender, whole, now)));
  mint.token.refresh_token = std::move(successor.text);
  mint.refresh = std::move(successor.record);
  co_return mint;
}

} // namespace assay::oauth
