// What every connection to a Redis needs to know, read once from the settings and their files.
#pragma once

#include <filesystem>
#include <optional>

#include <boost/asio/ssl/context.hpp>

#include "base/secret.h"
#include "base/task.h"
#include "stores/redis/redis_url.h"

namespace assay::stores {

struct RedisAccess {
  // Throws Unavailable, with a sentence, if a file cannot be read or is not what it should be.
  RedisAccess(RedisUrl given, const std::filesystem::path& folder);

  RedisUrl url;
  Secret password; // empty: none
  std::optional<asio::ssl::context> tls;
};

} // namespace assay::stores
