#include "stores/redis/redis_look_up.h"

#include <utility>

#include "stores/redis/redis_family.h"

namespace assay::stores {

Task<std::optional<oauth::TokenRecord>> redis_look_up(RedisClient& client,
                                                      const RedisPlanner& planner,
                                                      oauth::TokenKey key, TimePoint now) {
  const std::string token = planner.token_key(key.digest);
  RedisCommand query = RedisCommand::read(token, {"GET", token});
  const RedisReply found = co_await client.call(std::move(query));
  if (found.kind != RedisReply::Kind::text) co_return std::nullopt;
  oauth::TokenRecord record = decode_redis_record(found.text);
  record.key = key;

  const std::string digest = key.digest.base64url();
  if (const auto family = planner.family_key(record, digest)) {
    const RedisReply state = co_await client.call(family_query(*family, digest));
    if (!apply_family(state, record)) co_return std::nullopt;
  }
  if (record.expires_at <= now) co_return std::nullopt;
  co_return record;
}

} // namespace assay::stores
