#include "stores/redis/redis_token_store.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "stores/redis/redis_census.h"
#include "stores/redis/redis_condition.h"
#include "stores/redis/redis_look_up.h"

namespace assay::stores {

using oauth::IssueOutcome;
using oauth::Redeemed;
using oauth::TokenKey;
using oauth::TokenRecord;

namespace {

[[noreturn]] void throw_unknown(const std::string& outcome) {
  throw Unavailable("Redis: the script answered " + outcome);
}

IssueOutcome issue_outcome(const RedisCommitter::Outcome& outcome) {
  if (outcome.name == "stored") return IssueOutcome::stored;
  if (outcome.name == "used_before") return IssueOutcome::used_before;
  throw_unknown(outcome.name);
}

Redeemed::Outcome redeemed_outcome(const std::string& name) {
  using Outcome = Redeemed::Outcome;
  constexpr std::array<std::pair<std::string_view, Outcome>, 5> kNames{{
      {"stored", Outcome::stored},
      {"used_before", Outcome::used_before},
      {"repeated", Outcome::repeated},
      {"reused", Outcome::reused},
      {"unknown", Outcome::unknown},
  }};
  const auto* const known =
      std::ranges::find(kNames, name, [](const auto& each) { return each.first; });
  if (known == kNames.end()) throw_unknown(name);
  return known->second;
}

bool ends_after(const std::string& time, TimePoint now) {
  std::int64_t ends = 0;
  const char* const end = time.data() + time.size();
  const auto [read_to, error] = std::from_chars(time.data(), end, ends);
  if (error != std::errc() || read_to != end)
    throw Unavailable("Redis: what it holds of a used assertion cannot be read");
  return TimePoint(std::chrono::microseconds(ends)) > now;
}

} // namespace

RedisTokenStore::RedisTokenStore(RedisUrl url, const std::filesystem::path& folder)
    : client_(std::move(url), folder), planner_(client_.url().prefix) {
  // A command to some slot, so that there is a map when the masters are asked.
  client_.call_and_wait(RedisCommand::read(planner_.probe_key(0), {"GET", planner_.probe_key(0)}));
  RedisCondition condition(client_, planner_);
  condition.check_eviction();
  promise_ = condition.promise();
}

Task<IssueOutcome> RedisTokenStore::issue(oauth::Issue issue, TimePoint now) {
  const auto outcome = co_await committer_.commit(planner_.issue(issue, now), now);
  co_return issue_outcome(outcome);
}

Task<IssueOutcome> RedisTokenStore::claim(oauth::ReplayClaim claim, TimePoint now) {
  const auto outcome = co_await committer_.commit(planner_.claim(claim, now), now);
  co_return issue_outcome(outcome);
}

Task<bool> RedisTokenStore::seen(oauth::ReplayClaim claim, TimePoint now) {
  const std::string key = planner_.claim_key(claim.digest);
  const RedisReply taken = co_await client_.call(RedisCommand::read(key, {"GET", key}));
  co_return taken.kind == RedisReply::Kind::text&& ends_after(taken.text, now);
}

Task<Redeemed> RedisTokenStore::redeem(oauth::Redemption redemption, TimePoint now) {
  auto outcome = co_await committer_.commit(planner_.redeem(redemption, now), now);
  co_return Redeemed{redeemed_outcome(outcome.name), std::move(outcome.sealed_answer)};
}

Task<std::optional<TokenRecord>> RedisTokenStore::find(TokenKey key, TimePoint now) {
  return redis_look_up(client_, planner_, key, now);
}

// A family is there or not: to take its key away revokes all that belongs to it.
Task<bool> RedisTokenStore::revoke(TokenKey key, TimePoint now) {
  const auto record = co_await redis_look_up(client_, planner_, key, now);
  if (!record) co_return false;
  const bool is_refresh = record->kind == oauth::TokenKind::refresh;
  const std::string revoked = is_refresh ? *planner_.family_key(*record, key.digest.base64url())
                                         : planner_.token_key(key.digest);
  const RedisReply gone = co_await client_.call(RedisCommand::write(revoked, {"UNLINK", revoked}));
  co_return gone.integer == 1;
}

oauth::TokenCount RedisTokenStore::count(const std::optional<std::string>& client_id, TimePoint now,
                                         const oauth::IsRevoked& is_revoked) {
  return RedisCensus(client_, planner_, {client_id, now, is_revoked}).count();
}

void RedisTokenStore::check() { RedisCondition(client_, planner_).check(); }

} // namespace assay::stores
