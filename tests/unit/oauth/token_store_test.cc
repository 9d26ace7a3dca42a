#include "oauth/token_store.h"

#include <set>

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

constexpr TimePoint kUntil = kNow + std::chrono::seconds(330);

TEST(TokenStore, FindsATokenByItsDigestAndLocator) {
  const std::string text =
      TokenLocator::of(kNow, kNow + std::chrono::hours(1)).text() + std::string(47, 'x');
  const TokenKey key = token_key(text);
  EXPECT_EQ(key.digest, crypto::sha256(text));
  EXPECT_EQ(key.locator, TokenLocator::of(kNow, kNow + std::chrono::hours(1)));
}

TEST(TokenStore, FindsAShortTokenByItsDigestAlone) {
  const TokenKey key = token_key("short");
  EXPECT_EQ(key.digest, crypto::sha256("short"));
  EXPECT_FALSE(key.locator);
}

TEST(TokenStore, MakesOneClaimOfTwoUses) {
  const ReplayClaim first = replay_claim("/token", "billing", "1", kUntil);
  const ReplayClaim second = replay_claim("/token", "billing", "1", kUntil + std::chrono::hours(1));
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.acceptable_until, kUntil);
}

// A jti is unique only among one sender's assertions, and its sender chooses it freely.
TEST(TokenStore, KeepsClaimsApartHoweverTheirPartsAreCut) {
  std::set<crypto::Digest> digests;
  for (const auto& [service, issuer, jti] :
       {std::tuple("/token", "billing", "1"), std::tuple("/token", "billing", "2"),
        std::tuple("/token", "payroll", "1"), std::tuple("/other", "billing", "1"),
        std::tuple("/token", "billin", "g1"), std::tuple("/token", "billing1", ""),
        std::tuple("/tokenbilling", "", "1"), std::tuple("", "/tokenbilling", "1")})
    digests.insert(replay_claim(service, issuer, jti, kUntil).digest);
  EXPECT_EQ(digests.size(), 8U);
}

// Durable stores keep them: another digest would let used assertions through after an upgrade.
TEST(TokenStore, MakesTheSameClaimInEveryVersion) {
  EXPECT_EQ(replay_claim("/api/oauth/token", "billing", "jti-1", kUntil).digest.hex(),
            "1297958db7ea2c3303b27e286dd0430cd9a1fb14e3886cd231f31fa36f03e90c");
}

} // namespace
} // namespace assay::oauth
