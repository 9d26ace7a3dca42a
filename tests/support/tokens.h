// Token records and claims: the ordinary case, from which each test differs in one thing.
#pragma once

#include <string>

#include "oauth/token_store.h"

namespace assay::testing {

inline constexpr TimePoint kTokenTime{std::chrono::seconds(1'800'000'000)};

// Text that is long enough to carry a locator, and differs from any of another name.
inline std::string token_text(const std::string& name, TimePoint expires_at,
                              TimePoint issued_at = kTokenTime) {
  std::string secret = name + std::string(40, 'x');
  return oauth::TokenLocator::of(issued_at, expires_at).text() + secret.substr(0, 40);
}

inline oauth::TokenRecord record_of(const std::string& text, TimePoint expires_at,
                                    TimePoint issued_at = kTokenTime) {
  return {.key = oauth::token_key(text),
          .kind = oauth::TokenKind::access,
          .service = "/api/oauth/token",
          .client_id = "billing",
          .subject = "billing",
          .scope = "invoices.read",
          .audience = "http://apiserver",
          .token_type = "Bearer",
          .granted_at = issued_at,
          .issued_at = issued_at,
          .expires_at = expires_at,
          .family = {},
          .parameters = {}};
}

inline oauth::TokenRecord hour_token(const std::string& name) {
  const TimePoint expires_at = kTokenTime + std::chrono::hours(1);
  return record_of(token_text(name, expires_at), expires_at);
}

inline oauth::ReplayClaim claim_of(const std::string& jti,
                                   std::chrono::seconds life = std::chrono::seconds(330)) {
  return oauth::replay_claim("/api/oauth/token", "billing", jti, kTokenTime + life);
}

} // namespace assay::testing
