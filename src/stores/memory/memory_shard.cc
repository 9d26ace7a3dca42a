#include "stores/memory/memory_shard.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "stores/record_locator.h"

namespace assay::stores {

using oauth::TokenKey;
using oauth::TokenRecord;

namespace {

template <class Buckets> void take_out(Buckets& from, Buckets& to, auto is_over) {
  for (auto at = from.begin(); at != from.end();) {
    const auto bucket = at++;
    if (is_over(*bucket)) to.insert(from.extract(bucket));
  }
}

} // namespace

bool MemoryShard::take(const oauth::ReplayClaim& claim, TimePoint now) {
  if (has(claim.digest, now)) return false;
  claims_[ClaimSpan::of(claim, now)].put(claim);
  return true;
}

void MemoryShard::give_back(const oauth::ReplayClaim& claim, TimePoint now) {
  claims_[ClaimSpan::of(claim, now)].erase(claim.digest);
}

bool MemoryShard::has(const crypto::Digest& claim, TimePoint now) const {
  return std::ranges::any_of(claims_,
                             [&](const auto& entry) { return entry.second.has(claim, now); });
}

void MemoryShard::put(const TokenRecord& record) {
  auto& bucket = tokens_[locator_of(record).number()];
  if (!bucket) bucket = std::make_unique<TokenBucket>();
  bucket->put(record);
}

std::optional<TokenRecord> MemoryShard::find(const TokenKey& key, TimePoint now) const {
  const TokenBucket* const bucket = bucket_of(key);
  return bucket ? bucket->find(key, now) : std::nullopt;
}

bool MemoryShard::erase(const TokenKey& key) {
  TokenBucket* const bucket = bucket_of(key);
  return bucket && bucket->erase(key.digest);
}

void MemoryShard::erase_family(std::string_view family) {
  for (const auto& [number, bucket] : tokens_)
    bucket->erase_family(family);
}

bool MemoryShard::is_good(const TokenKey& refresh, TimePoint now) const {
  const TokenBucket* const bucket = bucket_of(refresh);
  return bucket && bucket->is_good(refresh.digest, now);
}

void MemoryShard::rotate(const TokenKey& refresh, const oauth::Rotation& rotation) {
  TokenBucket* const bucket = bucket_of(refresh);
  ASSAY_ASSERT(bucket, "who rotates a token found it good");
  answers_[AnswerSpan::of(rotation.repeatable_until)].put(refresh.digest, rotation);
  bucket->rotate(refresh.digest);
}

void MemoryShard::extend(const TokenKey& refresh, TimePoint expires_at) {
  TokenBucket* const bucket = bucket_of(refresh);
  ASSAY_ASSERT(bucket, "who extends a token found it good");
  bucket->extend(refresh.digest, expires_at);
}

std::optional<KeptAnswer> MemoryShard::answer(const crypto::Digest& rotated, TimePoint now) const {
  for (const auto& [span, bucket] : answers_)
    if (const KeptAnswer* answer = bucket.find(rotated, now)) return *answer;
  return std::nullopt;
}

void MemoryShard::count(oauth::TokenCount& count, const std::optional<std::string>& client_id,
                        TimePoint now, const oauth::IsRevoked& is_revoked) {
  std::uint64_t next = 0;
  for (;;) {
    const std::lock_guard lock(mutex_);
    const auto bucket = tokens_.lower_bound(next);
    if (bucket == tokens_.end()) return;
    bucket->second->count(count, client_id, now, is_revoked);
    next = bucket->first + 1;
  }
}

// Taken out under the lock and destroyed without it: a big bucket takes a while to take down.
oauth::PurgeOutcome MemoryShard::purge(TimePoint now) {
  Tokens tokens;
  Claims claims;
  Answers answers;
  {
    const std::lock_guard lock(mutex_);
    take_out(tokens_, tokens, [&](const auto& entry) { return entry.second->over_at() <= now; });
    take_out(claims_, claims, [&](const auto& entry) { return entry.first.over_at() <= now; });
    take_out(answers_, answers, [&](const auto& entry) { return entry.first.over_at() <= now; });
  }
  oauth::PurgeOutcome outcome;
  for (const auto& [number, bucket] : tokens)
    outcome.tokens += bucket->size();
  for (const auto& [span, bucket] : claims)
    outcome.claims += bucket.size();
  return outcome;
}

// Null if it is in none; what carries a locator may be in none as well, if there is one.
TokenBucket* MemoryShard::bucket_of(const TokenKey& key) const {
  if (key.locator) {
    const auto bucket = tokens_.find(key.locator->number());
    return bucket == tokens_.end() ? nullptr : bucket->second.get();
  }
  for (const auto& [number, bucket] : tokens_)
    if (bucket->has(key.digest)) return bucket.get();
  return nullptr;
}

} // namespace assay::stores
