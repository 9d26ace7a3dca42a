// Tokens and used assertions in a Redis or a Redis Cluster: for several nodes of Assay.
#pragma once

#include <filesystem>
#include <string>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/redis/redis_client.h"
#include "stores/redis/redis_committer.h"
#include "stores/redis/redis_steps.h"

namespace assay::stores {

// Redis forgets what is over by itself, a minute after its end: so a purge has nothing to do.
// docs/operating/redis.md says what is promised when a Redis fails.
class RedisTokenStore final : public oauth::TokenStore, public oauth::TokenCatalogue {
public:
  // Throws Unavailable if it does not answer, or is set up so that it could forget used assertions.
  RedisTokenStore(RedisUrl url, const std::filesystem::path& folder);

  // What is promised as the Redis is set up: a sentence for the log.
  const std::string& promise() const { return promise_; }

  Task<oauth::IssueOutcome> issue(oauth::Issue issue, TimePoint now) override;
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim claim, TimePoint now) override;
  Task<bool> seen(oauth::ReplayClaim claim, TimePoint now) override;
  Task<oauth::Redeemed> redeem(oauth::Redemption redemption, TimePoint now) override;
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey key, TimePoint now) override;
  Task<bool> revoke(oauth::TokenKey key, TimePoint now) override;

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                          const oauth::IsRevoked& is_revoked) override;
  oauth::PurgeOutcome purge(TimePoint) override { return {}; }
  TimePoint agreed_time(TimePoint now) override { return now; } // a Redis purges by its own
  void check() override;

private:
  RedisClient client_;
  RedisPlanner planner_;
  RedisCommitter committer_{client_};
  std::string promise_;
};

} // namespace assay::stores
