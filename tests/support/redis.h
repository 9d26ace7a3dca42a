// Private Redis servers for the tests; in a shared one, keys of its own for each test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/scratch_folder.h"

namespace assay::testing {

// Stand for the URLs of the three kinds: see redis_url_in().
inline constexpr const char* kRedis = "redis://";
inline constexpr const char* kRedisCluster = "redis+cluster://";
inline constexpr const char* kRedisTls = "rediss://";

// With keys of the folder's own. Any other URL is as it is. Starts the servers if the environment
// does not say where they run (ASSAY_TEST_ENGINES: a folder with `redis`, `redis_cluster` and
// `redis_tls` as tests/support/redis_server.py makes them), and stops them when the program ends.
std::string redis_url_in(const ScratchFolder& folder, const std::string& url);

// Servers of a test's own, which it may break.
class RedisServers {
public:
  // As tests/support/redis_server.py has it: "start", "start-cluster", "start-tls".
  explicit RedisServers(const std::string& verb);
  ~RedisServers();
  RedisServers(const RedisServers&) = delete;
  RedisServers& operator=(const RedisServers&) = delete;

  std::string url(const std::string& parameters = "timeout=10000") const;
  std::filesystem::path folder() const { return scratch_ / "redis"; }

  // To the server at that port.
  void signal(std::uint16_t port, int number) const;
  void kill(std::uint16_t port) const;
  void start_again(std::uint16_t port) const;

private:
  ScratchFolder scratch_;
};

} // namespace assay::testing
