#include "stores/store_contents.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/unavailable.h"
#include "stores/open.h"
#include "stores/postgres/postgres_property_store.h"
#include "stores/postgres/token_schema.h"
#include "stores/redis/redis_url.h"
#include "stores/sqlite/bucket_tables.h"
#include "stores/sqlite/sqlite_property_store.h"

namespace assay::stores {

namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kFile = "file:";

std::filesystem::path file_of(const std::string& url, const std::filesystem::path& folder) {
  return folder / url.substr(url.find(':') + 1);
}

StoreContents contents_of_file(const std::filesystem::path& file) {
  const SqliteDatabase database(file, SqliteDatabase::kWaitMax, MissingFile::refused);
  auto row = database.prepare("PRAGMA application_id");
  row.step();
  const std::int64_t id = row.integer(0);
  return {.registry = id == SqlitePropertyStore::schema().application_id,
          .tokens = id == BucketTables::schema().application_id};
}

StoreContents contents_of_schema(const PostgresUrl& url) {
  PostgresSession session(url);
  return {.registry = schema_status(session, PostgresPropertyStore::schema()).version > 0,
          .tokens = schema_status(session, token_schema()).version > 0};
}

} // namespace

StoreContents contents_of(const std::string& url, const std::filesystem::path& folder) {
  if (const auto postgres = PostgresUrl::parse(url)) return contents_of_schema(*postgres);
  if (is_redis_url(url)) return {.registry = false, .tokens = true};
  const std::filesystem::path file = file_of(url, folder);
  if (!std::filesystem::exists(file))
    throw Unavailable(fmt::format("there is no file {}", file.native()));
  if (url.starts_with(kFile)) return {.registry = true, .tokens = false};
  return contents_of_file(file);
}

StoreContents room_of(std::string_view url) {
  return {.registry = url.starts_with(kSqlite) || PostgresUrl::has_scheme(url),
          .tokens = url.starts_with(kSqlite) || PostgresUrl::has_scheme(url) || is_redis_url(url)};
}

std::string store_name(const std::string& url, const std::filesystem::path& folder) {
  if (const auto postgres = PostgresUrl::parse(url))
    return fmt::format("{}?schema={}", postgres->shown(), postgres->schema());
  if (const auto redis = parse_redis_url(url))
    return fmt::format("{}?prefix={}", shown_store_url(url), redis->prefix);
  return url.substr(0, url.find(':') + 1) +
         std::filesystem::weakly_canonical(std::filesystem::absolute(file_of(url, folder)))
             .native();
}

std::optional<std::string> token_copy_mark(const std::string& url,
                                           const std::filesystem::path& folder) {
  if (lives_in_memory(url)) return std::nullopt;
  return open_token_transfer(url, folder)->mark();
}

} // namespace assay::stores
