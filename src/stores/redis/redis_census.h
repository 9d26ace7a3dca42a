// Counts the tokens in a Redis: every key of every master is looked at, a page at a time.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oauth/token_catalogue.h"
#include "stores/redis/redis_client.h"
#include "stores/redis/redis_steps.h"

namespace assay::stores {

// For one count; blocks. A token that comes, goes or moves to another node meanwhile may be counted
// or not, or twice.
class RedisCensus {
public:
  struct Demand {
    const std::optional<std::string>& client_id;
    TimePoint now;
    const oauth::IsRevoked& is_revoked;
  };

  RedisCensus(RedisClient& client, const RedisPlanner& planner, Demand demand)
      : client_(client), planner_(planner), demand_(demand) {}

  oauth::TokenCount count();

private:
  struct Candidate {
    std::string digest;
    std::string family_key; // empty: of none
    oauth::TokenRecord record;
  };

  void count_on(const RedisEndpoint& node);
  std::vector<Candidate> candidates_in(const RedisReply& page);
  void leave_out_revoked(std::vector<Candidate>& candidates);
  void add(const Candidate& candidate);

  RedisClient& client_;
  const RedisPlanner& planner_;
  Demand demand_;
  oauth::TokenCount count_;
};

} // namespace assay::stores
