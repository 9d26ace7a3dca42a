#include "stores/open.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/unavailable.h"
#include "stores/file/file_property_store.h"
#include "stores/memory/memory_property_store.h"
#include "stores/memory/memory_token_store.h"
#include "stores/memory/memory_usage_store.h"
#include "stores/postgres/postgres_property_store.h"
#include "stores/postgres/postgres_token_store.h"
#include "stores/postgres/postgres_token_transfer.h"
#include "stores/postgres/postgres_usage_store.h"
#include "stores/redis/redis_token_store.h"
#include "stores/redis/redis_token_transfer.h"
#include "stores/sqlite/sqlite_property_store.h"
#include "stores/sqlite/sqlite_token_store.h"
#include "stores/sqlite/sqlite_token_transfer.h"
#include "stores/sqlite/sqlite_usage_store.h"

namespace assay::stores {

namespace {

constexpr std::string_view kMemory = "memory:";
constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kFile = "file:";
constexpr std::string_view kPostgresForm = "postgresql://HOST/DATABASE";

constexpr std::array kPropertyForms{std::string_view("sqlite:FILE"),
                                    std::string_view("file:FILE.json"), kPostgresForm, kMemory};
constexpr std::array kTokenForms{std::string_view("sqlite:FILE"), kPostgresForm,
                                 std::string_view("redis://HOST:PORT"),
                                 std::string_view("redis+cluster://HOST:PORT,HOST:PORT"), kMemory};
constexpr std::array kUsageForms{std::string_view("sqlite:FILE"), kPostgresForm, kMemory};

bool names_a_file(std::string_view url, std::string_view scheme) {
  return url.starts_with(scheme) && url.size() > scheme.size();
}

std::filesystem::path path_in(const std::filesystem::path& folder, std::string_view url,
                              std::string_view scheme) {
  return folder / url.substr(scheme.size());
}

std::optional<std::string> fault(const auto& forms) {
  return fmt::format("is not one of {}", fmt::join(forms, ", "));
}

// What is wrong with its parameters is not said: the words would quote the password.
std::optional<std::string> fault_in_postgres(std::string_view url) {
  if (PostgresUrl::parse(url)) return std::nullopt;
  return "is not a URL as PostgreSQL's libpq reads it, with schema=NAME and pooler=transaction "
         "beside its parameters";
}

std::optional<std::string> fault_in_redis(std::string_view url) {
  auto redis = parse_redis_url(url);
  if (redis) return std::nullopt;
  return std::move(redis).error();
}

// A URL can hold a password: its scheme alone is shown.
[[noreturn]] void throw_unknown(std::string_view url) {
  throw Unavailable(fmt::format("there is no store of the kind {}", url.substr(0, url.find(':'))));
}

} // namespace

std::optional<std::string> property_store_url_fault(std::string_view url) {
  if (url == kMemory || names_a_file(url, kSqlite) || names_a_file(url, kFile)) return std::nullopt;
  if (PostgresUrl::has_scheme(url)) return fault_in_postgres(url);
  return fault(kPropertyForms);
}

std::optional<std::string> token_store_url_fault(std::string_view url) {
  if (url == kMemory || names_a_file(url, kSqlite)) return std::nullopt;
  if (PostgresUrl::has_scheme(url)) return fault_in_postgres(url);
  if (is_redis_url(url)) return fault_in_redis(url);
  return fault(kTokenForms);
}

std::optional<std::string> usage_store_url_fault(std::string_view url) {
  if (url == kMemory || names_a_file(url, kSqlite)) return std::nullopt;
  if (PostgresUrl::has_scheme(url)) return fault_in_postgres(url);
  return fault(kUsageForms);
}

bool lives_in_memory(std::string_view url) { return url == kMemory; }

std::unique_ptr<registry::PropertyStore> open_property_store(const std::string& url,
                                                             const std::filesystem::path& folder) {
  if (url == kMemory) return std::make_unique<MemoryPropertyStore>();
  if (names_a_file(url, kSqlite))
    return std::make_unique<SqlitePropertyStore>(path_in(folder, url, kSqlite));
  if (names_a_file(url, kFile))
    return std::make_unique<FilePropertyStore>(path_in(folder, url, kFile));
  if (const auto postgres = PostgresUrl::parse(url))
    return std::make_unique<PostgresPropertyStore>(*postgres);
  throw_unknown(url);
}

OpenTokenStore open_token_store(const std::string& url, const std::filesystem::path& folder) {
  if (url == kMemory) return OpenTokenStore(std::make_shared<MemoryTokenStore>());
  if (names_a_file(url, kSqlite))
    return OpenTokenStore(std::make_shared<SqliteTokenStore>(path_in(folder, url, kSqlite)));
  if (const auto postgres = PostgresUrl::parse(url))
    return OpenTokenStore(std::make_shared<PostgresTokenStore>(*postgres));
  if (auto url_of_redis = parse_redis_url(url)) {
    const auto redis = std::make_shared<RedisTokenStore>(*std::move(url_of_redis), folder);
    return OpenTokenStore(redis, redis->promise());
  }
  throw_unknown(url);
}

std::unique_ptr<oauth::TokenTransfer> open_token_transfer(const std::string& url,
                                                          const std::filesystem::path& folder) {
  if (names_a_file(url, kSqlite))
    return std::make_unique<SqliteTokenTransfer>(path_in(folder, url, kSqlite));
  if (const auto postgres = PostgresUrl::parse(url))
    return std::make_unique<PostgresTokenTransfer>(*postgres);
  if (auto redis = parse_redis_url(url))
    return std::make_unique<RedisTokenTransfer>(*std::move(redis), folder);
  throw_unknown(url);
}

std::unique_ptr<observe::UsageStore> open_usage_store(const std::string& url,
                                                      const std::filesystem::path& folder) {
  if (url == kMemory) return std::make_unique<MemoryUsageStore>();
  if (names_a_file(url, kSqlite))
    return std::make_unique<SqliteUsageStore>(path_in(folder, url, kSqlite));
  if (const auto postgres = PostgresUrl::parse(url))
    return std::make_unique<PostgresUsageStore>(*postgres);
  throw_unknown(url);
}

} // namespace assay::stores
