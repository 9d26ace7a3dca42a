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

TokenMinter::TokenMinter(const TokenServiceSettings& settings, std::string audience,
                         crypto::Random random)
    : service_(settings.path), access_(settings.access_token), refresh_(settings.refresh_token),
      parameters_(settings.parameters), audience_(std::move(audience)), random_(std::move(random)) {
}

TokenMinter::Minted TokenMinter::mint_one(TokenKind kind, const ProvenSender& sender,
                                          TimePoint now) const {
  const bool access = kind == TokenKind::access;
  const TimePoint expires_at = now + (access ? access_.lifetime : refresh_.lifetime);
  Secret text(token_text(access ? access_.length : refresh_.length, now, expires_at, random_));
  TokenRecord record{.key = token_key(text.reveal()),
                     .kind = kind,
                     .service = service_,
                     .client_id = sender.application().id,
                     .subject = sender.subject(),
                     .scope = {},
                     .audience = audience_,
                     .token_type = access_.type,
                     .issued_at = now,
                     .expires_at = expires_at,
                     .family = {},
                     .parameters = parameters_};
  return {std::move(text), std::move(record)};
}

Mint TokenMinter::mint(const ProvenSender& sender, const std::string& scope, TimePoint now) const {
  Minted access = mint_one(TokenKind::access, sender, now);
  access.record.scope = scope;
  Mint mint{MintedToken{std::move(access.text), {}, access_.type, access_.lifetime, scope},
            std::move(access.record),
            {}};
  if (!refresh_.issue) return mint;

  Minted refresh = mint_one(TokenKind::refresh, sender, now);
  refresh.record.scope = scope;
  refresh.record.family = crypto::random_hex(kFamilyBytes, random_);
  mint.access.family = refresh.record.family;
  mint.token.refresh_token = std::move(refresh.text);
  mint.refresh = std::move(refresh.record);
  return mint;
}

} // namespace assay::oauth
