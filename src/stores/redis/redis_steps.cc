#include "stores/redis/redis_steps.h"

#include <algorithm>
#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "stores/redis/redis_record.h"

namespace assay::stores {

using oauth::TokenKind;
using oauth::TokenRecord;

namespace {

// Nodes whose clocks differ by less than this agree on what was used before.
constexpr std::chrono::minutes kMargin{1};

// How long a key stays that is live until then.
std::string life_until(TimePoint end, TimePoint now) {
  const auto rest = std::max(end - now, TimePoint::duration::zero());
  return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(rest + kMargin).count());
}

// The hash tag of all that belongs to it. A refresh token without a family is one by itself.
std::string family_tag(std::string_view family, const std::string& refresh) {
  return fmt::format("{{{}}}", family.empty() ? refresh : crypto::sha256(family).base64url());
}

// Of all that the family gets by it.
TimePoint end_of(const oauth::Redemption& redemption) {
  TimePoint end = redemption.access.expires_at;
  if (const auto* extension = std::get_if<oauth::Extension>(&redemption.change))
    end = std::max(end, extension->expires_at);
  if (const auto* rotation = std::get_if<oauth::Rotation>(&redemption.change))
    end = std::max(end, rotation->successor.expires_at);
  return end;
}

std::string answer_text(TimePoint repeatable_until, const std::string& successor,
                        const std::string& sealed) {
  return fmt::format("{} {} {}", redis_time(repeatable_until), successor, sealed);
}

RedisStep unlink_step(const RedisStep& put) { return {"forget", {put.keys.front()}, {}}; }

} // namespace

RedisCommand redis_script(const std::vector<RedisStep>& steps, TimePoint now) {
  std::vector<std::string> keys;
  std::vector<std::string> values{redis_time(now)};
  for (const RedisStep& step : steps) {
    keys.insert(keys.end(), step.keys.begin(), step.keys.end());
    values.emplace_back(step.name);
    values.insert(values.end(), step.arguments.begin(), step.arguments.end());
  }
  std::vector<std::string> arguments{std::to_string(keys.size())};
  arguments.insert(arguments.end(), keys.begin(), keys.end());
  arguments.insert(arguments.end(), values.begin(), values.end());
  RedisCommand command = RedisCommand::write(keys.front(), std::move(arguments));
  command.form = RedisCommand::Form::script;
  return command;
}

RedisPlan RedisPlanner::issue(const oauth::Issue& issue, TimePoint now) const {
  RedisPlan plan;
  if (issue.claim) plan.decisions.push_back(take(*issue.claim, now));
  add_record(plan, issue.access, now);
  if (issue.refresh) add_record(plan, *issue.refresh, now);
  return plan;
}

RedisPlan RedisPlanner::claim(const oauth::ReplayClaim& claim, TimePoint now) const {
  return {.records = {}, .decisions = {take(claim, now)}, .withdrawals = {}};
}

RedisPlan RedisPlanner::redeem(const oauth::Redemption& redemption, TimePoint now) const {
  RedisPlan plan;
  if (redemption.claim) plan.decisions.push_back(take(*redemption.claim, now));
  plan.decisions.push_back(exchange(redemption, now));
  plan.records.push_back(put(redemption.access, now));
  if (const auto* rotation = std::get_if<oauth::Rotation>(&redemption.change))
    plan.records.push_back(put(rotation->successor, now));
  for (const RedisStep& record : plan.records)
    plan.withdrawals.push_back(unlink_step(record));
  if (const auto* extension = std::get_if<oauth::Extension>(&redemption.change))
    plan.records.push_back({"prolong",
                            {token_key(redemption.refresh.digest)},
                            {life_until(extension->expires_at, now)}});
  return plan;
}

void RedisPlanner::add_record(RedisPlan& plan, const TokenRecord& record, TimePoint now) const {
  plan.records.push_back(put(record, now));
  plan.withdrawals.push_back(unlink_step(plan.records.back()));
  const std::string digest = record.key.digest.base64url();
  const auto family = family_key(record, digest);
  if (!family) return;
  const bool is_refresh = record.kind == TokenKind::refresh;
  plan.records.push_back({"enroll",
                          {*family},
                          {is_refresh ? digest : "", redis_time(record.expires_at),
                           life_until(record.expires_at, now)}});
  if (is_refresh) plan.withdrawals.push_back({"withdraw", {*family}, {digest}});
}

std::vector<RedisStep> RedisPlanner::copied(const oauth::TransferredToken& token,
                                            TimePoint now) const {
  const TokenRecord& record = token.record;
  RedisPlan plan;
  add_record(plan, record, now);
  if (!record.is_rotated) return plan.records;
  RedisStep& enrolled = plan.records.back();
  enrolled.arguments.at(1).insert(0, "r");
  if (!token.answer) return plan.records;
  const auto& answer = *token.answer;
  plan.records.push_back(
      {"put",
       {answer_key(record, record.key.digest.base64url())},
       {answer_text(answer.repeatable_until, answer.successor.digest.base64url(), answer.sealed),
        life_until(answer.repeatable_until, now)}});
  return plan.records;
}

RedisStep RedisPlanner::take(const oauth::ReplayClaim& claim, TimePoint now) const {
  return {"take",
          {claim_key(claim.digest)},
          {redis_time(claim.acceptable_until), life_until(claim.acceptable_until, now)}};
}

RedisStep RedisPlanner::put(const TokenRecord& record, TimePoint now) const {
  return {"put",
          {token_key(record.key.digest)},
          {encode_redis_record(record), life_until(record.expires_at, now)}};
}

RedisStep RedisPlanner::exchange(const oauth::Redemption& redemption, TimePoint now) const {
  const std::string digest = redemption.refresh.digest.base64url();
  const std::string tag = family_tag(redemption.access.family, digest);
  RedisStep step{"keep",
                 {key('f', tag), key('a', tag + ":" + digest)},
                 {digest, life_until(end_of(redemption), now)}};
  if (const auto* extension = std::get_if<oauth::Extension>(&redemption.change)) {
    step.name = "extend";
    step.arguments.push_back(redis_time(extension->expires_at));
  }
  if (const auto* rotation = std::get_if<oauth::Rotation>(&redemption.change)) {
    const std::string successor = rotation->successor.key.digest.base64url();
    step.name = "rotate";
    step.arguments.insert(
        step.arguments.end(),
        {successor, redis_time(rotation->successor.expires_at),
         answer_text(rotation->repeatable_until, successor, rotation->sealed_answer),
         life_until(rotation->repeatable_until, now)});
  }
  return step;
}

std::string RedisPlanner::key(char kind, std::string_view rest) const {
  return fmt::format("{}{}:{}", prefix_, kind, rest);
}

std::string RedisPlanner::token_key(const crypto::Digest& token) const {
  return key('t', token.base64url());
}

std::string RedisPlanner::claim_key(const crypto::Digest& claim) const {
  return key('c', claim.base64url());
}

std::string RedisPlanner::probe_key(std::uint32_t number) const {
  return key('p', std::to_string(number));
}

std::optional<std::string> RedisPlanner::family_key(const TokenRecord& record,
                                                    const std::string& digest) const {
  if (record.kind == TokenKind::access && record.family.empty()) return std::nullopt;
  return key('f', family_tag(record.family, digest));
}

std::string RedisPlanner::answer_key(const TokenRecord& record, const std::string& digest) const {
  return key('a', family_tag(record.family, digest) + ":" + digest);
}

std::string RedisPlanner::token_pattern() const { return key('t', "*"); }

std::string_view RedisPlanner::digest_in(std::string_view key) const {
  return key.substr(std::min(key.size(), prefix_.size() + 2));
}

} // namespace assay::stores
