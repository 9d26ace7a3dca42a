#include "stores/redis/redis_condition.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/clock.h"

namespace assay::stores {

namespace {

// The value of `member:value` in what INFO answers; empty if it is not there.
std::string_view member_of(std::string_view info, std::string_view member) {
  while (!info.empty()) {
    const std::size_t end = info.find("\r\n");
    const std::string_view line = info.substr(0, end);
    info = end == std::string_view::npos ? std::string_view() : info.substr(end + 2);
    if (line.starts_with(member) && line.substr(member.size()).starts_with(':'))
      return line.substr(member.size() + 1);
  }
  return {};
}

} // namespace

void RedisCondition::check() {
  check_eviction();
  check_writes(client_.masters());
}

void RedisCondition::check_eviction() {
  for (const RedisEndpoint& master : client_.masters())
    check_eviction_at(master);
}

void RedisCondition::check_eviction_at(const RedisEndpoint& master) {
  std::string policy = info(master, "memory", "maxmemory_policy");
  if (policy.empty()) policy = configured(master, "maxmemory-policy");
  if (policy == "noeviction") return;
  if (policy.empty())
    throw Unavailable(fmt::format("Redis {}: its maxmemory-policy cannot be read, which has to be "
                                  "noeviction; allow the user INFO",
                                  master.text()));
  throw Unavailable(fmt::format("Redis {}: its maxmemory-policy is {}, which lets it forget used "
                                "assertions; set noeviction",
                                master.text(), policy));
}

// One key for each master, whichever slots it has.
void RedisCondition::check_writes(const std::vector<RedisEndpoint>& masters) {
  const RedisSlots slots = client_.slots();
  if (client_.is_cluster() && !slots.has_all())
    throw Unavailable("Redis: slots of the cluster have no master");
  std::set<RedisEndpoint> tried;
  std::vector<RedisCommand> tries;
  for (std::uint32_t number = 0; tried.size() < masters.size() && number < kRedisSlots; ++number) {
    const std::string key = planner_.probe_key(number);
    const RedisEndpoint* master =
        client_.is_cluster() ? slots.master_of(redis_slot(key)) : &masters.front();
    if (!master || !tried.insert(*master).second) continue;
    tries.push_back(redis_script({{"try", {key}, {}}}, TimePoint()));
  }
  client_.call_and_wait(std::move(tries));
}

std::string RedisCondition::promise() {
  const std::vector<RedisEndpoint> masters = client_.masters();
  const bool in_file =
      std::ranges::all_of(masters, [&](const auto& each) { return is_read_from_file(each); });
  std::string kept = "a crash of Redis can take all tokens and used assertions along (appendonly "
                     "is off)";
  if (in_file) {
    std::string sync = sync_of(masters.front());
    for (const RedisEndpoint& master : masters)
      if (sync_of(master) != sync) sync.clear();
    if (sync == "always")
      kept = "what was answered survives a crash of Redis (appendfsync always)";
    else if (sync == "everysec")
      kept = "a power failure can take the last second or two along (appendfsync everysec)";
    else if (sync == "no")
      kept = "a power failure can take the last half minute along (appendfsync no)";
    else
      kept = "appendonly is on, what it syncs when cannot be read or differs between the nodes";
  }
  const std::uint32_t replicas = client_.url().replicas;
  return fmt::format("Redis: {}; {}", kept,
                     replicas > 0
                         ? fmt::format("each write waits for {} replicas, and a failover to "
                                       "another one can still lose it",
                                       replicas)
                         : "a failover to a replica can lose the last writes");
}

bool RedisCondition::is_read_from_file(const RedisEndpoint& master) {
  return info(master, "persistence", "aof_enabled") == "1" ||
         configured(master, "appendonly") == "yes";
}

std::string RedisCondition::sync_of(const RedisEndpoint& master) {
  return configured(master, "appendfsync");
}

// Empty if the user may not ask.
std::string RedisCondition::info(const RedisEndpoint& master, const std::string& section,
                                 std::string_view member) {
  RedisCommand command = RedisCommand::to(master, {"INFO", section});
  command.errors = RedisCommand::Errors::answered;
  const RedisReply reply = client_.call_and_wait(std::move(command));
  return reply.is_error() ? std::string() : std::string(member_of(reply.text, member));
}

std::string RedisCondition::configured(const RedisEndpoint& master, const std::string& name) {
  RedisCommand command = RedisCommand::to(master, {"CONFIG", "GET", name});
  command.errors = RedisCommand::Errors::answered;
  const RedisReply reply = client_.call_and_wait(std::move(command));
  constexpr std::size_t kPair = 2;
  return reply.elements.size() == kPair ? reply.elements[1].text : std::string();
}

} // namespace assay::stores
