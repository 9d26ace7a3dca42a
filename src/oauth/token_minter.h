// Makes tokens: texts for the client, random or signed, and records with their digests for the
// store.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "base/task.h"
#include "crypto/random.h"
#include "oauth/jwt_access_token.h"
#include "oauth/jwt_signer.h"
#include "oauth/proven_sender.h"
#include "oauth/token_service_settings.h"
#include "oauth/token_store.h"

namespace assay::oauth {

// What the client gets. The texts exist only here: whoever drops this has lost them.
struct MintedToken {
  Secret access_token;
  std::optional<Secret> refresh_token;
  std::string token_type;
  std::chrono::seconds expires_in;
  std::string scope;
};

// A token and the records to be stored before it may be answered.
struct Mint {
  MintedToken token;
  TokenRecord access;
  std::optional<TokenRecord> refresh;
};

// What a token is good for and where, both space-separated, and in whose hands.
struct TokenBounds {
  std::string scope;
  std::string audience;
  Confirmation confirmation = {};
};

// Whether a refresh token comes with it; `as_configured`: if the service issues them.
enum class RefreshToken { none, as_configured };

// Pure but for the randomness and the keys. Thread-safe.
class TokenMinter {
public:
  struct Parts {
    std::string issuer;
    crypto::Random random;
    JwtSigner signer;
  };

  TokenMinter(const TokenServiceSettings& settings, Parts parts);

  // Waits where a JWT is signed by RSA. Throws Unavailable where one cannot be signed. References
  // outlive the tasks.
  Task<Mint> mint(const ProvenSender& sender, TokenBounds bounds, RefreshToken refresh,
                  TimePoint now) const;

  // A JWT that no store will know, without a refresh token; the record is for the notes alone.
  // Needs JWTs as the service's format. Throws as mint() does.
  Task<Mint> mint_unstored(const ProvenSender& sender, TokenBounds bounds, TimePoint now) const;

  // What the refresh token `presented` is exchanged for: an access token of its family within
  // `bounds`, and, if the policy rotates, another refresh token like it (RFC 6749 section 6: with
  // the same scope and audience, however narrow this access token is).
  Task<Mint> mint_again(const ProvenSender& sender, const TokenRecord& presented,
                        TokenBounds bounds, TimePoint now) const;

  // When a refresh token that is issued, or slides, at `now` expires.
  TimePoint refresh_expiry(TimePoint now) const { return now + refresh_.lifetime; }

private:
  struct Minted {
    Secret text;
    TokenRecord record;
  };
  TokenRecord record_of(TokenKind kind, const ProvenSender& sender, const TokenBounds& bounds,
                        TimePoint now) const;
  Minted opaque(TokenRecord record) const;
  Task<Minted> access_token(TokenRecord record) const;
  Task<Minted> jwt(TokenRecord record, TokenBacking backing) const;
  MintedToken answer(Minted& access) const;

  std::string service_;
  AccessTokenSettings access_;
  RefreshTokenSettings refresh_;
  std::vector<std::pair<std::string, std::string>> parameters_;
  JwtAccessTokenClaims claims_;
  crypto::Random random_;
  JwtSigner signer_;
};

} // namespace assay::oauth
