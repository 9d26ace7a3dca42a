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
#include "stores/redis/redis_token_store.h"
#include "stores/sqlite/sqlite_property_store.h"
#include "stores/sqlite/sqlite_token_store.h"
#include "stores/sqlite/sqlite_usage_store.h"

namespace assay::stores {

namespace {

constexpr std::string_view kMemory = "memory:";
constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kFile = "file:";

constexpr std::array<std::string_view, 3> kPropertyForms{"sqlite:FILE", "file:FILE.json", kMemory};
constexpr std::array<std::string_view, 4> kTokenForms{
    "sqlite:FILE", "redis://HOST:PORT", "redis+cluster://HOST:PORT,HOST:PORT", kMemory};
constexpr std::array<std::string_view, 2> kUsageForms{"sqlite:FILE", kMemory};

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

// A URL can hold a password: its scheme alone is shown.
[[noreturn]] void throw_unknown(std::string_view url) {
  throw Unavailable(fmt::format("there is no store of the kind {}", url.substr(0, url.find(':'))));
}

} // namespace

std::optional<std::string> property_store_url_fault(std::string_view url) {
  if (url == kMemory || names_a_file(url, kSqlite) || names_a_file(url, kFile)) return std::nullopt;
  return fault(kPropertyForms);
}

std::optional<std::string> token_store_url_fault(std::string_view url) {
  if (url == kMemory || names_a_file(url, kSqlite)) return std::nullopt;
  if (!is_redis_url(url)) return fault(kTokenForms);
  auto redis = parse_redis_url(url);
  if (redis) return std::nullopt;
  return std::move(redis).error();
}

std::optional<std::string> usage_store_url_fault(std::string_view url) {
  if (url == kMemory || names_a_file(url, kSqlite)) return std::nullopt;
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
  throw_unknown(url);
}

OpenTokenStore open_token_store(const std::string& url, const std::filesystem::path& folder) {
  if (url == kMemory) return OpenTokenStore(std::make_shared<MemoryTokenStore>());
  if (names_a_file(url, kSqlite))
    return OpenTokenStore(std::make_shared<SqliteTokenStore>(path_in(folder, url, kSqlite)));
  if (auto url_of_redis = parse_redis_url(url)) {
    const auto redis = std::make_shared<RedisTokenStore>(*std::move(url_of_redis), folder);
    return OpenTokenStore(redis, redis->promise());
  }
  throw_unknown(url);
}

std::unique_ptr<observe::UsageStore> open_usage_store(const std::string& url,
                                                      const std::filesystem::path& folder) {
  if (url == kMemory) return std::make_unique<MemoryUsageStore>();
  if (names_a_file(url, kSqlite))
    return std::make_unique<SqliteUsageStore>(path_in(folder, url, kSqlite));
  throw_unknown(url);
}

} // namespace assay::stores
