#include "support/redis.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace assay::testing {

namespace {

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) // NOLINT(concurrency-mt-unsafe): before any thread
    throw std::runtime_error("no Redis: " + command);
}

void run_servers(const std::string& verb, const std::filesystem::path& folder) {
  run(fmt::format("/usr/bin/python3 {}/support/redis_server.py {} {}", ASSAY_TEST_SOURCES, verb,
                  folder.string()));
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string content;
  std::getline(stream, content);
  return content;
}

// One that nobody has waited for yet ("Z") is dead all the same.
bool is_alive(int pid) {
  const std::string state = content_of(fmt::format("/proc/{}/stat", pid));
  return !state.empty() && !state.contains(") Z ");
}

// A kind of Redis: its name among the engines of a run, and how redis_server.py starts it.
struct Kind {
  std::string name;
  std::string verb;
};

std::string shared_url(const Kind& kind) {
  if (const char* given = std::getenv("ASSAY_TEST_ENGINES")) // NOLINT(concurrency-mt-unsafe)
    return content_of(std::filesystem::path(given) / kind.name / "url");
  static std::map<std::string, std::unique_ptr<RedisServers>> own;
  auto& servers = own[kind.name];
  if (!servers) servers = std::make_unique<RedisServers>(kind.verb);
  return servers->url({});
}

} // namespace

std::string redis_url_in(const ScratchFolder& folder, const std::string& url) {
  static const std::map<std::string, Kind> kinds{
      {kRedis, {.name = "redis", .verb = "start"}},
      {kRedisCluster, {.name = "redis_cluster", .verb = "start-cluster"}},
      {kRedisTls, {.name = "redis_tls", .verb = "start-tls"}}};
  const auto kind = kinds.find(url);
  if (kind == kinds.end()) return url;
  return fmt::format("{}timeout=10000&prefix=assay:{}:", shared_url(kind->second),
                     folder.path().filename().string());
}

RedisServers::RedisServers(const std::string& verb) { run_servers(verb, folder()); }

RedisServers::~RedisServers() { run_servers("stop", folder()); }

std::string RedisServers::url(const std::string& parameters) const {
  return content_of(folder() / "url") + parameters;
}

void RedisServers::signal(std::uint16_t port, int number) const {
  const int pid = std::stoi(content_of(folder() / std::to_string(port) / "redis.pid"));
  ::kill(pid, number);
  while (number == SIGKILL && is_alive(pid))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void RedisServers::kill(std::uint16_t port) const { signal(port, SIGKILL); }

void RedisServers::start_again(std::uint16_t port) const {
  const std::filesystem::path own = folder() / std::to_string(port);
  run(fmt::format("cd {} && redis-server redis.conf", own.string()));
}

} // namespace assay::testing
