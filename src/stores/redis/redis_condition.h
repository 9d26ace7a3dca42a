// What a Redis promises as it is set up, and whether it takes writes.
#pragma once

#include <string>

#include "stores/redis/redis_client.h"
#include "stores/redis/redis_steps.h"

namespace assay::stores {

// For threads that may block. All throw Unavailable with a sentence.
class RedisCondition {
public:
  RedisCondition(RedisClient& client, const RedisPlanner& planner)
      : client_(client), planner_(planner) {}

  // That no master forgets anything to make room: whoever fills such a Redis makes it forget used
  // assertions, and can use them again.
  void check_eviction();

  // That each master takes a write now, as well.
  void check();

  // What a crash or a failover can take along: a sentence for the operator.
  std::string promise();

private:
  void check_eviction_at(const RedisEndpoint& master);
  void check_writes(const std::vector<RedisEndpoint>& masters);
  bool is_read_from_file(const RedisEndpoint& master);
  std::string sync_of(const RedisEndpoint& master);
  std::string info(const RedisEndpoint& master, const std::string& section,
                   std::string_view member);
  std::string configured(const RedisEndpoint& master, const std::string& name);

  RedisClient& client_;
  const RedisPlanner& planner_;
};

} // namespace assay::stores
