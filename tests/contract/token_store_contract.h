// What every back end of oauth::TokenStore and oauth::TokenCatalogue promises. A new one stands in
// the list of token_store_back_ends.cc, and is held to all of it.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "stores/open.h"
#include "support/postgres.h"
#include "support/redis.h"
#include "support/scratch_folder.h"
#include "support/tasks.h"
#include "support/tokens.h"

namespace assay::contract {

// What is durable can also be opened by several processes at a time.
enum class Durability { gone_with_the_process, durable };

// What is over is forgotten by a purge, or by the engine itself by its own clock.
enum class Forgetting { by_purge, by_itself };

struct TokenStoreBackEnd {
  std::string name;
  std::string url;
  Durability durability;
  Forgetting forgetting = Forgetting::by_purge;
};

std::vector<TokenStoreBackEnd> token_store_back_ends();
std::vector<TokenStoreBackEnd> durable_token_store_back_ends();

void PrintTo(const TokenStoreBackEnd& back_end, std::ostream* out);

inline std::string name_of(const ::testing::TestParamInfo<TokenStoreBackEnd>& info) {
  return info.param.name;
}

// A store of the test's own, and its calls without their waiting.
class TokenStoreContract : public ::testing::TestWithParam<TokenStoreBackEnd> {
protected:
  using Claim = std::optional<oauth::ReplayClaim>;

  stores::OpenTokenStore open() const {
    const std::string url =
        testing::redis_url_in(folder_, testing::url_in(folder_, GetParam().url));
    return stores::open_token_store(url, folder_.path());
  }

  oauth::IssueOutcome issue(oauth::TokenRecord record, Claim claim = {},
                            TimePoint now = testing::kTokenTime) {
    return issue({std::move(record), {}, std::move(claim)}, now);
  }
  oauth::IssueOutcome issue(oauth::Issue issue, TimePoint now = testing::kTokenTime) {
    return testing::result_of(store_.store().issue(std::move(issue), now));
  }
  oauth::IssueOutcome claim(oauth::ReplayClaim claim, TimePoint now = testing::kTokenTime) {
    return testing::result_of(store_.store().claim(std::move(claim), now));
  }
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key,
                                         TimePoint now = testing::kTokenTime) {
    return testing::result_of(store_.store().find(key, now));
  }
  bool seen(const oauth::ReplayClaim& claim, TimePoint now = testing::kTokenTime) {
    return testing::result_of(store_.store().seen(claim, now));
  }
  bool revoke(const oauth::TokenKey& key, TimePoint now = testing::kTokenTime) {
    return testing::result_of(store_.store().revoke(key, now));
  }
  oauth::Redeemed redeem(oauth::Redemption redemption, TimePoint now = testing::kTokenTime) {
    return testing::result_of(store_.store().redeem(std::move(redemption), now));
  }
  oauth::TokenCount count(const std::optional<std::string>& client_id = {},
                          TimePoint now = testing::kTokenTime) {
    return store_.catalogue().count(client_id, now);
  }

  // A pair of one family, as a service that issues refresh tokens makes it.
  static oauth::Issue pair_of(const std::string& name, const std::string& family) {
    const TimePoint refresh_end = testing::kTokenTime + std::chrono::hours(12);
    oauth::Issue pair{
        testing::hour_token("access " + name),
        testing::record_of(testing::token_text("refresh " + name, refresh_end), refresh_end),
        {}};
    pair.refresh->kind = oauth::TokenKind::refresh;
    pair.access.family = pair.refresh->family = family;
    return pair;
  }

  // `refresh` for a new pair of its family.
  static oauth::Redemption rotation_of(const oauth::TokenRecord& refresh, const std::string& name) {
    oauth::Issue next = pair_of(name, refresh.family);
    return {.refresh = refresh.key,
            .access = std::move(next.access),
            .change = oauth::Rotation{.successor = *std::move(next.refresh),
                                      .sealed_answer = "sealed " + name,
                                      .repeatable_until = testing::kTokenTime + kGrace},
            .claim = {}};
  }
  static constexpr std::chrono::seconds kGrace{10};

  testing::ScratchFolder folder_;
  stores::OpenTokenStore store_ = open();
};

} // namespace assay::contract
