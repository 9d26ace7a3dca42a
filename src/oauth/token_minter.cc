#include "oauth/token_minter.h"

#include "oauth/token_locator.h"

namespace assay::oauth {

namespace {

constexpr std::size_t kFamilyBytes = 16;

std::string token_text(std::size_t length, TimePoint now, TimePoint expires_at,
                       const crypto::Random& random) {
  if (length < TokenLocator::kCharacters + TokenLocator::kRandomCharactersMin)
    return crypto::random_alphanumeric(length, random);
  return TokenLocator::of(now, expires_at).text() +
         crypto::random_alphanumeric(length - TokenLocator::kCharacters, random);
}

} // namespace

TokenMinter::TokenMinter(const TokenServiceSettings& settings, crypto::Random random)
    : service_(settings.path), access_(settings.access_token), refresh_(settings.refresh_token),
      parameters_(settings.parameters), random_(std::move(random)) {}

TokenMinter::Minted TokenMinter::mint_one(TokenKind kind, const ProvenSender& sender,
                                          const TokenBounds& bounds, TimePoint now) const {
  const bool access = kind == TokenKind::access;
  const TimePoint expires_at = now + (access ? access_.lifetime : refresh_.lifetime);
  Secret text(token_text(access ? access_.length : refresh_.length, now, expires_at, random_));
  TokenRecord record{.key = token_key(text.reveal()),
                     .kind = kind,
                     .service = service_,
                     .client_id = sender.application().id,
                     .subject = sender.subject(),
                     .scope = bounds.scope,
                     .audience = bounds.audience,
                     .token_type = access_.type,
                     .granted_at = now,
                     .issued_at = now,
                     .expires_at = expires_at,
                     .family = {},
                     .parameters = parameters_};
  return {std::move(text), std::move(record)};
}

MintedToken TokenMinter::answer(Secret access_token, const std::string& scope) const {
  return {std::move(access_token), {}, access_.type, access_.lifetime, scope};
}

Mint TokenMinter::mint(const ProvenSender& sender, const TokenBounds& bounds, RefreshToken refresh,
                       TimePoint now) const {
  Minted access = mint_one(TokenKind::access, sender, bounds, now);
  Mint mint{answer(std::move(access.text), bounds.scope), std::move(access.record), {}};
  if (refresh == RefreshToken::none || !refresh_.issue) return mint;

  Minted issued = mint_one(TokenKind::refresh, sender, bounds, now);
  issued.record.family = crypto::random_hex(kFamilyBytes, random_);
  mint.access.family = issued.record.family;
  mint.token.refresh_token = std::move(issued.text);
  mint.refresh = std::move(issued.record);
  return mint;
}

Mint TokenMinter::mint_again(const ProvenSender& sender, const TokenRecord& presented,
                             const TokenBounds& bounds, TimePoint now) const {
  // What came of one grant stays together: it is revoked together, and as old as the grant.
  const auto of_the_family = [&](Minted& minted) {
    minted.record.granted_at = presented.granted_at;
    minted.record.family = presented.family;
  };
  Minted access = mint_one(TokenKind::access, sender, bounds, now);
  of_the_family(access);
  Mint mint{answer(std::move(access.text), bounds.scope), std::move(access.record), {}};
  if (refresh_.policy != RefreshPolicy::rotate) return mint;

  Minted successor =
      mint_one(TokenKind::refresh, sender, {presented.scope, presented.audience}, now);
  of_the_family(successor);
  mint.token.refresh_token = std::move(successor.text);
  mint.refresh = std::move(successor.record);
  return mint;
}

} // namespace assay::oauth
