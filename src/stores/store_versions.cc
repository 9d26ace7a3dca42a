#include "stores/store_versions.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "stores/postgres/postgres_property_store.h"
#include "stores/postgres/postgres_usage_store.h"
#include "stores/postgres/token_schema.h"
#include "stores/redis/redis_url.h"

namespace assay::stores {

namespace {

PostgresSchema schema_of(StoreRole role) {
  switch (role) {
  case StoreRole::registry: return PostgresPropertyStore::schema();
  case StoreRole::tokens: return token_schema();
  case StoreRole::usage: break;
  }
  return PostgresUsageStore::schema();
}

} // namespace

std::optional<StoreVersions> store_versions(StoreRole role, const std::string& url) {
  const auto postgres = PostgresUrl::parse(url);
  if (!postgres) return std::nullopt;
  PostgresSession session(*postgres);
  const PostgresSchema schema = schema_of(role);
  const SchemaStatus status = schema_status(session, schema);
  return StoreVersions{.of_store = status.version,
                       .of_program = schema.version(),
                       .compatible_from = status.compatible_from};
}

void migrate_store(StoreRole role, const std::string& url) {
  const auto postgres = PostgresUrl::parse(url);
  if (!postgres) return;
  PostgresSession session(*postgres);
  migrate(session, schema_of(role));
}

std::string shown_store_url(const std::string& url) {
  if (const auto postgres = PostgresUrl::parse(url)) return postgres->shown();
  const auto redis = parse_redis_url(url);
  if (!redis) return url;
  std::vector<std::string> hosts;
  for (const RedisEndpoint& endpoint : redis->endpoints)
    hosts.push_back(endpoint.text());
  const std::string scheme = url.substr(0, url.find("://"));
  const std::string database =
      redis->topology == RedisTopology::single ? fmt::format("/{}", redis->database) : "";
  return fmt::format("{}://{}{}", scheme, fmt::join(hosts, ","), database);
}

} // namespace assay::stores
