#include "stores/redis/redis_committer.h"

#include <utility>
#include <vector>

namespace assay::stores {

namespace {

constexpr std::string_view kStored = "stored";

RedisCommitter::Outcome outcome_in(RedisReply reply) {
  if (reply.elements.empty()) throw Unavailable("Redis: the script answered nothing");
  RedisCommitter::Outcome outcome{std::move(reply.elements.front().text), {}};
  if (reply.elements.size() > 1) outcome.sealed_answer = std::move(reply.elements[1].text);
  return outcome;
}

std::vector<RedisCommand> each_alone(const std::vector<RedisStep>& steps, TimePoint now) {
  std::vector<RedisCommand> commands;
  commands.reserve(steps.size());
  for (const RedisStep& step : steps)
    commands.push_back(redis_script({step}, now));
  return commands;
}

} // namespace

Task<RedisCommitter::Outcome> RedisCommitter::commit(RedisPlan plan, TimePoint now) {
  return client_.is_cluster() ? commit_in_turn(std::move(plan), now)
                              : commit_at_once(std::move(plan), now);
}

Task<RedisCommitter::Outcome> RedisCommitter::commit_at_once(RedisPlan plan, TimePoint now) {
  std::vector<RedisStep> steps = std::move(plan.decisions);
  std::ranges::move(plan.records, std::back_inserter(steps));
  RedisReply reply = co_await client_.call(redis_script(steps, now));
  co_return outcome_in(std::move(reply));
}

// The keys lie on several nodes. The records come first, side by side: until the last decision is
// made for them they are of no use to anybody, and end by themselves. So whatever breaks between
// two steps, no token is answered that was not stored, and no claim is honoured twice.
Task<RedisCommitter::Outcome> RedisCommitter::commit_in_turn(RedisPlan plan, TimePoint now) {
  if (!plan.records.empty()) co_await client_.call(each_alone(plan.records, now));
  Outcome outcome{std::string(kStored), {}};
  for (RedisCommand& decision : each_alone(plan.decisions, now)) {
    RedisReply reply = co_await client_.call(std::move(decision));
    outcome = outcome_in(std::move(reply));
    if (outcome.name == kStored) continue;
    co_await withdraw(each_alone(plan.withdrawals, now));
    break;
  }
  co_return outcome;
}

Task<void> RedisCommitter::withdraw(std::vector<RedisCommand> commands) {
  if (commands.empty()) co_return;
  try {
    co_await client_.call(std::move(commands));
  } catch (const Unavailable&) { // NOLINT(bugprone-empty-catch)
    // The decision is made; what is left of the records ends by itself.
  }
}

} // namespace assay::stores
