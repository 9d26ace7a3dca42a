// What a refresh token is exchanged for, and what becomes of it.
#include "contract/token_store_contract.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::Redeemed;
using oauth::Redemption;
using oauth::TokenRecord;
using testing::claim_of;
using testing::kTokenTime;
using testing::token_text;
using Outcome = Redeemed::Outcome;

namespace {

class TokenRedemptionContract : public TokenStoreContract {
protected:
  TokenRedemptionContract() { issue(first_); }

  const TokenRecord& refresh() const { return *first_.refresh; }

  Outcome rotate(const TokenRecord& refresh, const std::string& name, TimePoint now = kTokenTime) {
    return redeem(rotation_of(refresh, name), now).outcome;
  }

  // For an access token alone.
  static Redemption keep(const TokenRecord& refresh, const std::string& name) {
    return {refresh.key, access_of(name), {}, {}};
  }

  static Redemption extend(const TokenRecord& refresh, TimePoint expires_at,
                           const std::string& name = "two") {
    return {refresh.key, access_of(name), oauth::Extension{expires_at}, {}};
  }

  static TokenRecord access_of(const std::string& name) { return pair_of(name, "red").access; }
  static TokenRecord refresh_of(const std::string& name) { return *pair_of(name, "red").refresh; }

  oauth::Issue first_ = pair_of("one", "red");
};

TEST_P(TokenRedemptionContract, MakesOneRefreshTokenAnother) {
  ASSERT_EQ(rotate(refresh(), "two"), Outcome::stored);
  EXPECT_TRUE(find(access_of("two").key));
  const auto successor = find(refresh_of("two").key);
  ASSERT_TRUE(successor);
  EXPECT_FALSE(successor->is_rotated);

  const auto rotated = find(refresh().key);
  ASSERT_TRUE(rotated);
  EXPECT_TRUE(rotated->is_rotated);
  EXPECT_EQ(rotated->kind, oauth::TokenKind::refresh);
  EXPECT_EQ(rotated->client_id, refresh().client_id);
  EXPECT_EQ(rotated->family, "red");
  EXPECT_TRUE(find(first_.access.key)); // what it was issued with stays good
}

TEST_P(TokenRedemptionContract, KeepsARefreshTokenForAsManyAccessTokensAsAreAskedFor) {
  EXPECT_EQ(redeem(keep(refresh(), "two")).outcome, Outcome::stored);
  EXPECT_EQ(redeem(keep(refresh(), "three")).outcome, Outcome::stored);
  EXPECT_FALSE(find(refresh().key)->is_rotated);
  EXPECT_TRUE(revoke(refresh().key));
  for (const char* name : {"two", "three"})
    EXPECT_FALSE(find(access_of(name).key));
}

TEST_P(TokenRedemptionContract, ExtendsARefreshTokenBeyondItsBucket) {
  const TimePoint late = refresh().expires_at + 24h;
  EXPECT_EQ(redeem(extend(refresh(), late)).outcome, Outcome::stored);
  store_.catalogue().purge(late - 1us);
  const auto extended = find(refresh().key, late - 1us);
  ASSERT_TRUE(extended);
  EXPECT_EQ(extended->expires_at, late);
  EXPECT_EQ(count({}, late - 1us).refresh, 1U);
  EXPECT_FALSE(find(refresh().key, late));
  store_.catalogue().purge(late + 24h);
  if (GetParam().forgetting == Forgetting::by_purge) EXPECT_FALSE(find(refresh().key, kTokenTime));
}

TEST_P(TokenRedemptionContract, RevokesATokenThatWasExtendedWithItsFamily) {
  const TimePoint late = refresh().expires_at + 24h;
  redeem(extend(refresh(), late));
  const TimePoint soon = late - 1h;
  store_.catalogue().purge(soon);
  Redemption rotation = rotation_of(refresh(), "three");
  TokenRecord& successor = std::get<oauth::Rotation>(rotation.change).successor;
  successor.key = oauth::token_key(token_text("late", late));
  successor.expires_at = late;
  redeem(rotation, soon);
  EXPECT_TRUE(revoke(successor.key, soon));
  EXPECT_FALSE(find(refresh().key, soon));
}

TEST_P(TokenRedemptionContract, TakesNothingOffTheLifeOfARefreshToken) {
  redeem(extend(refresh(), kTokenTime + 1h));
  EXPECT_EQ(find(refresh().key)->expires_at, refresh().expires_at);
}

TEST_P(TokenRedemptionContract, ExchangesTokensThatAreTooShortToTellWhereTheyAre) {
  TokenRecord shorter = refresh();
  shorter.key = oauth::token_key("only22characters-long_");
  issue(shorter);
  EXPECT_EQ(redeem(extend(shorter, shorter.expires_at + 24h)).outcome, Outcome::stored);
  Redemption rotation = rotation_of(shorter, "three");
  std::get<oauth::Rotation>(rotation.change).successor.key =
      oauth::token_key("another-22-characters_");
  EXPECT_EQ(redeem(rotation, shorter.expires_at).outcome, Outcome::stored);
  EXPECT_EQ(redeem(rotation, kTokenTime).outcome, Outcome::repeated);
  EXPECT_TRUE(revoke(shorter.key, shorter.expires_at));
  EXPECT_FALSE(find(shorter.key, shorter.expires_at));
}

// Its owner may not have got the answer: networks fail.
TEST_P(TokenRedemptionContract, RepeatsTheAnswerForAShortTime) {
  rotate(refresh(), "two");
  for (const auto later : {0us, 1us, 10'000'000us - 1us}) {
    const auto again = redeem(rotation_of(refresh(), "again"), kTokenTime + later);
    EXPECT_EQ(again.outcome, Outcome::repeated);
    EXPECT_EQ(again.sealed_answer, "sealed two");
  }
  EXPECT_FALSE(find(access_of("again").key));
  EXPECT_FALSE(find(refresh_of("again").key));
  EXPECT_EQ(rotate(refresh(), "again", kTokenTime + kGrace), Outcome::reused);
}

TEST_P(TokenRedemptionContract, RepeatsTheAnswerOfEachTokenApart) {
  const oauth::Issue other = pair_of("other", "blue");
  issue(other);
  rotate(refresh(), "two");
  rotate(*other.refresh, "three");
  EXPECT_EQ(redeem(rotation_of(refresh(), "again")).sealed_answer, "sealed two");
  EXPECT_EQ(redeem(rotation_of(*other.refresh, "again")).sealed_answer, "sealed three");
}

// Somebody else has it: who of the two is the thief, nobody knows (RFC 9700 section 4.14.2).
TEST_P(TokenRedemptionContract, RevokesTheFamilyOfATokenThatIsUsedAgain) {
  const oauth::Issue others = pair_of("others", "blue");
  issue(others);
  rotate(refresh(), "two");
  rotate(refresh_of("two"), "three");
  EXPECT_EQ(rotate(refresh(), "again", kTokenTime + kGrace), Outcome::reused);
  EXPECT_FALSE(find(first_.access.key));
  for (const char* name : {"one", "two", "three", "again"}) {
    EXPECT_FALSE(find(access_of(name).key)) << name;
    EXPECT_FALSE(find(refresh_of(name).key)) << name;
  }
  EXPECT_TRUE(find(others.access.key));
  EXPECT_TRUE(find(others.refresh->key));
  EXPECT_EQ(rotate(refresh(), "again", kTokenTime + kGrace), Outcome::unknown);
}

// Who used the successor got the answer.
TEST_P(TokenRedemptionContract, RepeatsNoAnswerWhoseRefreshTokenWasUsed) {
  rotate(refresh(), "two");
  rotate(refresh_of("two"), "three");
  EXPECT_EQ(rotate(refresh(), "again"), Outcome::reused);
  EXPECT_FALSE(find(refresh_of("three").key));
}

TEST_P(TokenRedemptionContract, ForgetsTheAnswerWithAPurge) {
  if (GetParam().forgetting == Forgetting::by_itself) return;
  rotate(refresh(), "two");
  store_.catalogue().purge(kTokenTime + kGrace + 60s);
  EXPECT_TRUE(find(refresh().key)->is_rotated);
  EXPECT_EQ(rotate(refresh(), "again", kTokenTime + 1s), Outcome::reused);
}

TEST_P(TokenRedemptionContract, KnowsNothingOfWhatIsNoLiveRefreshToken) {
  const TokenRecord nowhere = refresh_of("nowhere");
  EXPECT_EQ(rotate(nowhere, "two"), Outcome::unknown);
  EXPECT_EQ(rotate(first_.access, "two"), Outcome::unknown);
  EXPECT_EQ(rotate(refresh(), "two", refresh().expires_at), Outcome::unknown);
  EXPECT_EQ(redeem(keep(refresh(), "two"), refresh().expires_at).outcome, Outcome::unknown);
  EXPECT_EQ(redeem(extend(refresh(), refresh().expires_at + 24h), refresh().expires_at).outcome,
            Outcome::unknown);
  EXPECT_EQ(redeem(keep(nowhere, "two")).outcome, Outcome::unknown);
  EXPECT_FALSE(find(access_of("two").key));
  EXPECT_FALSE(find(refresh_of("two").key));
  EXPECT_EQ(rotate(refresh(), "three"), Outcome::stored);
}

TEST_P(TokenRedemptionContract, KnowsNothingOfARevokedFamily) {
  rotate(refresh(), "two");
  EXPECT_TRUE(revoke(refresh_of("two").key));
  EXPECT_EQ(rotate(refresh(), "three"), Outcome::unknown);
  EXPECT_EQ(rotate(refresh_of("two"), "three"), Outcome::unknown);
}

TEST_P(TokenRedemptionContract, NeitherKeepsNorExtendsARotatedToken) {
  rotate(refresh(), "two");
  EXPECT_EQ(redeem(keep(refresh(), "three")).outcome, Outcome::repeated);
  EXPECT_EQ(redeem(extend(refresh(), refresh().expires_at + 24h)).outcome, Outcome::repeated);
  EXPECT_EQ(find(refresh().key)->expires_at, refresh().expires_at);
  EXPECT_FALSE(find(access_of("three").key));
}

// RFC 7009 section 2.1: whoever has an old one means the grant.
TEST_P(TokenRedemptionContract, RevokesTheFamilyWithARotatedToken) {
  rotate(refresh(), "two");
  EXPECT_TRUE(revoke(refresh().key));
  EXPECT_FALSE(find(access_of("two").key));
  EXPECT_FALSE(find(refresh_of("two").key));
}

TEST_P(TokenRedemptionContract, LooksAtNothingElseWhenTheClaimWasTaken) {
  claim(claim_of("jti"));
  Redemption redemption = rotation_of(refresh(), "two");
  redemption.claim = claim_of("jti", 700s);
  EXPECT_EQ(redeem(redemption).outcome, Outcome::used_before);
  EXPECT_FALSE(find(refresh().key)->is_rotated);
  EXPECT_FALSE(find(access_of("two").key));
}

// Or a thief could try one assertion with many tokens.
TEST_P(TokenRedemptionContract, TakesTheClaimWhateverTheOutcomeIs) {
  Redemption redemption = rotation_of(refresh_of("nowhere"), "two");
  redemption.claim = claim_of("jti");
  EXPECT_EQ(redeem(redemption).outcome, Outcome::unknown);
  EXPECT_TRUE(seen(claim_of("jti")));
  EXPECT_EQ(redeem(redemption).outcome, Outcome::used_before);
}

INSTANTIATE_TEST_SUITE_P(All, TokenRedemptionContract, ::testing::ValuesIn(token_store_back_ends()),
                         name_of);

} // namespace
} // namespace assay::contract
