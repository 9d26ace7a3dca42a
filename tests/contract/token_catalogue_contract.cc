#include <algorithm>

#include "contract/token_store_contract.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using oauth::TokenRecord;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::record_of;
using testing::token_text;

namespace {

class TokenCatalogueContract : public TokenStoreContract {
protected:
  static TokenRecord token_of(const std::string& name, std::chrono::seconds lifetime,
                              TimePoint issued_at = kTokenTime) {
    const TimePoint end = issued_at + lifetime;
    return record_of(token_text(name, end, issued_at), end, issued_at);
  }

  // An engine that forgets by itself leaves nothing to a purge.
  static std::uint64_t purged_of(std::uint64_t over) {
    return GetParam().forgetting == Forgetting::by_purge ? over : 0;
  }

  oauth::PurgeOutcome purge(TimePoint now) { return store_.catalogue().purge(now); }
};

TEST_P(TokenCatalogueContract, CountsLiveTokensByKindAndApplication) {
  issue(pair_of("one", "red"));
  TokenRecord other = hour_token("other");
  other.client_id = "shipping";
  issue(other);
  EXPECT_EQ(count().access, 2U);
  EXPECT_EQ(count().refresh, 1U);
  EXPECT_EQ(count("shipping").access, 1U);
  EXPECT_EQ(count("shipping").refresh, 0U);
  EXPECT_EQ(count("nobody").access, 0U);
  EXPECT_EQ(count("").access, 0U); // nobody has that name
}

TEST_P(TokenCatalogueContract, CountsNothingThatExpiredOrWasRevoked) {
  issue(pair_of("one", "red"));
  const TokenRecord revoked = hour_token("revoked");
  issue(revoked);
  revoke(revoked.key);
  EXPECT_EQ(count({}, kTokenTime + 1h - 1us).access, 1U);
  EXPECT_EQ(count({}, kTokenTime + 1h).access, 0U);
  EXPECT_EQ(count({}, kTokenTime + 1h).refresh, 1U);
  EXPECT_EQ(count({}, kTokenTime + 12h).refresh, 0U);
}

TEST_P(TokenCatalogueContract, LooksIntoTheRecordsForWhatWasRevokedTogether) {
  oauth::Issue pair = pair_of("one", "red");
  pair.refresh->subject = "alice";
  issue(pair);
  TokenRecord other = hour_token("other");
  other.client_id = "shipping";
  issue(other);
  const auto revoked_tokens_of = [&](const std::string& subject) {
    return [subject](const TokenRecord& record) {
      return record.service == "/api/oauth/token" && record.granted_at == kTokenTime &&
             record.subject == subject;
    };
  };
  const auto count_without = [&](const std::optional<std::string>& client_id,
                                 const std::string& subject) {
    return store_.catalogue().count(client_id, kTokenTime, revoked_tokens_of(subject));
  };
  EXPECT_EQ(count_without({}, "alice").access, 2U);
  EXPECT_EQ(count_without({}, "alice").refresh, 0U);
  EXPECT_EQ(count_without({}, "billing").access, 0U);
  EXPECT_EQ(count_without("billing", "nobody").access, 1U);
  EXPECT_EQ(count_without("billing", "nobody").refresh, 1U);
}

TEST_P(TokenCatalogueContract, CountsNoRotatedToken) {
  const oauth::Issue pair = pair_of("one", "red");
  issue(pair);
  redeem(rotation_of(*pair.refresh, "two"));
  const auto nothing_revoked = [](const TokenRecord&) { return false; };
  EXPECT_EQ(count().refresh, 1U);
  EXPECT_EQ(count().access, 2U);
  EXPECT_EQ(store_.catalogue().count({}, kTokenTime, nothing_revoked).refresh, 1U);
}

TEST_P(TokenCatalogueContract, PurgesWhatExpiredAndNothingElse) {
  for (int number = 0; number < 300; ++number)
    issue(token_of(std::to_string(number), 10s), claim_of(std::to_string(number), 60s));
  const TokenRecord live = hour_token("live");
  issue(live, claim_of("live", 5000s));

  const TimePoint later = kTokenTime + 1200s;
  const auto purged = purge(later);
  EXPECT_EQ(purged.tokens, purged_of(300));
  EXPECT_EQ(purged.claims, purged_of(300));
  EXPECT_TRUE(find(live.key, later));
  EXPECT_TRUE(seen(claim_of("live", 5000s), later));
  EXPECT_EQ(purge(later).tokens, 0U);
}

TEST_P(TokenCatalogueContract, PurgesFamiliesToo) {
  issue(pair_of("one", "red"));
  EXPECT_EQ(purge(kTokenTime + 2h).tokens, purged_of(1));
  EXPECT_EQ(purge(kTokenTime + 24h).tokens, purged_of(1));
  const oauth::Issue again = pair_of("one", "red");
  EXPECT_EQ(issue(again), IssueOutcome::stored);
  EXPECT_TRUE(revoke(again.refresh->key));
  EXPECT_FALSE(find(again.access.key));
}

TEST_P(TokenCatalogueContract, PurgesNothingThatIsLiveAtAnyTime) {
  std::vector<TokenRecord> records;
  for (auto lifetime = 1s; lifetime < 200s; lifetime += 7s)
    records.push_back(token_of(std::to_string(lifetime.count()), lifetime));
  for (const TokenRecord& record : records)
    issue(record, claim_of(std::to_string(record.expires_at.time_since_epoch().count()),
                           std::chrono::duration_cast<std::chrono::seconds>(record.expires_at -
                                                                            kTokenTime)));
  for (TimePoint now = kTokenTime; now < kTokenTime + 200s; now += 20s) {
    purge(now);
    EXPECT_EQ(count({}, now).access,
              static_cast<std::uint64_t>(std::ranges::count_if(
                  records, [&](const TokenRecord& record) { return record.expires_at > now; })));
  }
}

// A bucket's number comes round again. What is left in it, when nobody purged it for so long, must
// not take along what is put in it then.
TEST_P(TokenCatalogueContract, PurgesNothingThatIsIssuedIntoAnOldBucket) {
  constexpr auto kBucketWidth = 1s;
  constexpr auto kRound = oauth::TokenLocator::kBuckets * kBucketWidth;
  const TimePoint later = kTokenTime + kRound;
  const TokenRecord old = token_of("old", 10s);
  const TokenRecord live = token_of("live", 10s, later);
  ASSERT_EQ(old.key.locator, live.key.locator);
  issue(old);
  issue(live, {}, later);
  purge(later);
  EXPECT_TRUE(find(live.key, later));
  EXPECT_FALSE(find(old.key, later));
  purge(later + 600s); // when whatever lies together with it is over as well
  if (GetParam().forgetting == Forgetting::by_purge) EXPECT_FALSE(find(live.key, later));
}

TEST_P(TokenCatalogueContract, GoesOnAfterAPurge) {
  const TokenRecord gone = token_of("gone", 10s);
  issue(gone);
  find(gone.key);
  purge(kTokenTime + 1200s);
  EXPECT_FALSE(find(gone.key, kTokenTime + 1200s));
  EXPECT_EQ(issue(hour_token("next"), claim_of("next")), IssueOutcome::stored);
  EXPECT_TRUE(find(hour_token("next").key));
}

TEST_P(TokenCatalogueContract, SaysThatAGrantCouldBeCommittedAndLeavesNoTrace) {
  EXPECT_NO_THROW(store_.catalogue().check());
  EXPECT_EQ(count().access, 0U);
  EXPECT_EQ(purge(kTokenTime + 24h).tokens, 0U);
}

// What is not over yet by the caller's clock is not purged, whatever the store's own says.
TEST_P(TokenCatalogueContract, AgreesOnNoTimeThatIsAheadOfTheCallers) {
  const TimePoint early = system_now() - 1h;
  EXPECT_EQ(store_.catalogue().agreed_time(early), early);
}

INSTANTIATE_TEST_SUITE_P(All, TokenCatalogueContract, ::testing::ValuesIn(token_store_back_ends()),
                         name_of);

} // namespace
} // namespace assay::contract
