// Carries out plans (redis_steps.h): by one script where one node has all keys, and else in an
// order in which a crash between two steps harms nobody.
#pragma once

#include <string>

#include "base/task.h"
#include "stores/redis/redis_client.h"
#include "stores/redis/redis_steps.h"

namespace assay::stores {

// Thread-safe.
class RedisCommitter {
public:
  explicit RedisCommitter(RedisClient& client) : client_(client) {}

  struct Outcome {
    std::string name; // as the script says it
    std::string sealed_answer;
  };

  // All or none: throws Unavailable if nothing is known of the outcome, and then no token of it may
  // be answered.
  Task<Outcome> commit(RedisPlan plan, TimePoint now);

private:
  Task<Outcome> commit_at_once(RedisPlan plan, TimePoint now);
  Task<Outcome> commit_in_turn(RedisPlan plan, TimePoint now);
  Task<void> withdraw(std::vector<RedisCommand> commands);

  RedisClient& client_;
};

} // namespace assay::stores
