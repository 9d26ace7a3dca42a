#include "stores/redis/redis_census.h"

#include <chrono>
#include <set>
#include <thread>
#include <utility>

#include "stores/redis/redis_family.h"

namespace assay::stores {

using oauth::TokenKind;

namespace {

constexpr std::string_view kPageKeys = "500";

} // namespace

oauth::TokenCount RedisCensus::count() {
  for (const RedisEndpoint& node : client_.masters())
    count_on(node);
  return count_;
}

// Between two pages it leaves the nodes alone for as long as one took.
void RedisCensus::count_on(const RedisEndpoint& node) {
  std::string cursor = "0";
  do {
    const auto began = std::chrono::steady_clock::now();
    const RedisReply reply = client_.call_and_wait(
        RedisCommand::to(node, {"SCAN", cursor, "MATCH", planner_.token_pattern(), "COUNT",
                                std::string(kPageKeys)}));
    constexpr std::size_t kParts = 2;
    if (reply.elements.size() != kParts) throw Unavailable("Redis: SCAN answered no page");
    cursor = reply.elements[0].text;
    std::vector<Candidate> candidates = candidates_in(reply.elements[1]);
    leave_out_revoked(candidates);
    for (const Candidate& candidate : candidates)
      add(candidate);
    if (cursor != "0") std::this_thread::sleep_for(std::chrono::steady_clock::now() - began);
  } while (cursor != "0");
}

std::vector<RedisCensus::Candidate> RedisCensus::candidates_in(const RedisReply& page) {
  std::set<std::string_view> keys; // a page can have one twice
  for (const RedisReply& key : page.elements)
    keys.insert(key.text);
  if (keys.empty()) return {};
  std::vector<RedisCommand> queries;
  queries.reserve(keys.size());
  for (const std::string_view key : keys)
    queries.push_back(RedisCommand::read(key, {"GET", std::string(key)}));
  const RedisReplies replies = client_.call_and_wait(std::move(queries));

  std::vector<Candidate> candidates;
  auto reply = replies.begin();
  for (const std::string_view key : keys) {
    const RedisReply& found = *reply++;
    if (found.kind != RedisReply::Kind::text) continue;
    candidates.push_back({.digest = std::string(planner_.digest_in(key)),
                          .family_key = {},
                          .record = decode_redis_record(found.text)});
    Candidate& candidate = candidates.back();
    candidate.family_key = planner_.family_key(candidate.record, candidate.digest).value_or("");
  }
  return candidates;
}

void RedisCensus::leave_out_revoked(std::vector<Candidate>& candidates) {
  std::vector<RedisCommand> queries;
  for (const Candidate& each : candidates)
    if (!each.family_key.empty()) queries.push_back(family_query(each.family_key, each.digest));
  if (queries.empty()) return;
  const RedisReplies replies = client_.call_and_wait(std::move(queries));
  auto reply = replies.begin();
  std::erase_if(candidates, [&](Candidate& each) {
    return !each.family_key.empty() && !apply_family(*reply++, each.record);
  });
}

void RedisCensus::add(const Candidate& candidate) {
  const oauth::TokenRecord& record = candidate.record;
  if (record.expires_at <= demand_.now || record.is_rotated) return;
  if (demand_.client_id && record.client_id != *demand_.client_id) return;
  if (demand_.is_revoked && demand_.is_revoked(record)) return;
  ++(record.kind == TokenKind::access ? count_.access : count_.refresh);
}

} // namespace assay::stores
