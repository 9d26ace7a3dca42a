// Finds a token in a Redis: its record, and then what its family says of it.
#pragma once

#include <optional>

#include "base/task.h"
#include "oauth/token_store.h"
#include "stores/redis/redis_client.h"
#include "stores/redis/redis_steps.h"

namespace assay::stores {

// As TokenStore::find() has it. The client and the planner outlive the task.
Task<std::optional<oauth::TokenRecord>>
redis_look_up(RedisClient& client, const RedisPlanner& planner, oauth::TokenKey key, TimePoint now);

} // namespace assay::stores
