#include "stores/memory/memory_token_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "stores/claim_span.h"
#include "stores/memory/memory_buckets.h"

namespace assay::stores {

using oauth::IssueOutcome;
using oauth::TokenKey;
using oauth::TokenRecord;

namespace {

constexpr std::size_t kShards = 16;
constexpr std::size_t kCacheLine = 64;

// Where a token lies that is too short to carry a locator, and so is looked for in every bucket.
oauth::TokenLocator locator_of(const TokenRecord& record) {
  return record.key.locator.value_or(oauth::TokenLocator::of(record.issued_at, record.expires_at));
}

} // namespace

// Neighbours must not share a cache line: two threads would wait for it without sharing a lock.
class alignas(kCacheLine) MemoryTokenStore::Shard {
public:
  bool take(const oauth::ReplayClaim& claim, TimePoint now) {
    const std::lock_guard lock(mutex_);
    if (is_taken(claim.digest, now)) return false;
    claims_[ClaimSpan::of(claim, now)].put(claim);
    return true;
  }

  void give_back(const oauth::ReplayClaim& claim, TimePoint now) {
    const std::lock_guard lock(mutex_);
    claims_[ClaimSpan::of(claim, now)].erase(claim.digest);
  }

  bool has(const crypto::Digest& claim, TimePoint now) {
    const std::lock_guard lock(mutex_);
    return is_taken(claim, now);
  }

  void put(const TokenRecord& record) {
    const std::lock_guard lock(mutex_);
    auto& bucket = tokens_[locator_of(record).number()];
    if (!bucket) bucket = std::make_unique<TokenBucket>();
    bucket->put(record);
  }

  std::optional<TokenRecord> find(const TokenKey& key, TimePoint now) {
    const std::lock_guard lock(mutex_);
    if (key.locator) {
      const auto bucket = tokens_.find(key.locator->number());
      return bucket == tokens_.end() ? std::nullopt : bucket->second->find(key, now);
    }
    for (const auto& [number, bucket] : tokens_)
      if (auto record = bucket->find(key, now)) return record;
    return std::nullopt;
  }

  bool erase(const TokenRecord& record) {
    const std::lock_guard lock(mutex_);
    const auto bucket = tokens_.find(locator_of(record).number());
    return bucket != tokens_.end() && bucket->second->erase(record.key.digest);
  }

  void erase_family(std::string_view family) {
    const std::lock_guard lock(mutex_);
    for (const auto& [number, bucket] : tokens_)
      bucket->erase_family(family);
  }

  // The lock is let go after each bucket, as there can be many tokens.
  void count(oauth::TokenCount& count, const std::optional<std::string>& client_id, TimePoint now) {
    std::uint64_t next = 0;
    for (;;) {
      const std::lock_guard lock(mutex_);
      const auto bucket = tokens_.lower_bound(next);
      if (bucket == tokens_.end()) return;
      bucket->second->count(count, client_id, now);
      next = bucket->first + 1;
    }
  }

  // Taken out under the lock and destroyed without it: a big bucket takes a while to take down.
  oauth::PurgeOutcome purge(TimePoint now) {
    Tokens tokens;
    Claims claims;
    {
      const std::lock_guard lock(mutex_);
      take_out(tokens_, tokens, [&](const auto& entry) { return entry.second->over_at() <= now; });
      take_out(claims_, claims, [&](const auto& entry) { return entry.first.over_at() <= now; });
    }
    oauth::PurgeOutcome outcome;
    for (const auto& [number, bucket] : tokens)
      outcome.tokens += bucket->size();
    for (const auto& [span, bucket] : claims)
      outcome.claims += bucket.size();
    return outcome;
  }

private:
  using Tokens = std::map<std::uint64_t, std::unique_ptr<TokenBucket>>; // by TokenLocator::number()
  using Claims = std::map<ClaimSpan, ClaimBucket>;

  bool is_taken(const crypto::Digest& claim, TimePoint now) const {
    return std::ranges::any_of(claims_,
                               [&](const auto& entry) { return entry.second.has(claim, now); });
  }

  template <class Buckets> static void take_out(Buckets& from, Buckets& to, auto is_over) {
    for (auto at = from.begin(); at != from.end();) {
      const auto bucket = at++;
      if (is_over(*bucket)) to.insert(from.extract(bucket));
    }
  }

  std::mutex mutex_;
  Tokens tokens_;
  Claims claims_;
};

MemoryTokenStore::MemoryTokenStore() : shards_(std::make_unique<Shard[]>(kShards)) {}

MemoryTokenStore::~MemoryTokenStore() = default;

Task<IssueOutcome> MemoryTokenStore::issue(oauth::Issue issue, TimePoint now) {
  if (issue.claim && !shard_of(issue.claim->digest).take(*issue.claim, now))
    co_return IssueOutcome::used_before;
  put(issue, now);
  co_return IssueOutcome::stored;
}

// What comes between the claim and the tokens is seen by nobody: no one knows a token's text before
// its issue is answered.
void MemoryTokenStore::put(const oauth::Issue& issue, TimePoint now) {
  try {
    shard_of(issue.access.key.digest).put(issue.access);
    if (issue.refresh) shard_of(issue.refresh->key.digest).put(*issue.refresh);
  } catch (...) {
    // There is no memory left: all or none.
    shard_of(issue.access.key.digest).erase(issue.access);
    if (issue.claim) shard_of(issue.claim->digest).give_back(*issue.claim, now);
    throw;
  }
}

Task<IssueOutcome> MemoryTokenStore::claim(oauth::ReplayClaim claim, TimePoint now) {
  co_return shard_of(claim.digest).take(claim, now) ? IssueOutcome::stored
                                                    : IssueOutcome::used_before;
}

Task<bool> MemoryTokenStore::seen(oauth::ReplayClaim claim, TimePoint now) {
  co_return shard_of(claim.digest).has(claim.digest, now);
}

Task<std::optional<TokenRecord>> MemoryTokenStore::find(TokenKey key, TimePoint now) {
  co_return shard_of(key.digest).find(key, now);
}

Task<bool> MemoryTokenStore::revoke(TokenKey key, TimePoint now) {
  const auto record = shard_of(key.digest).find(key, now);
  if (!record || !shard_of(key.digest).erase(*record)) co_return false;
  if (record->kind == oauth::TokenKind::refresh && !record->family.empty())
    for (std::size_t shard = 0; shard < kShards; ++shard)
      shards_[shard].erase_family(record->family);
  co_return true;
}

oauth::TokenCount MemoryTokenStore::count(const std::optional<std::string>& client_id,
                                          TimePoint now) {
  oauth::TokenCount total;
  for (std::size_t shard = 0; shard < kShards; ++shard)
    shards_[shard].count(total, client_id, now);
  return total;
}

oauth::PurgeOutcome MemoryTokenStore::purge(TimePoint now) {
  oauth::PurgeOutcome total;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    const auto purged = shards_[shard].purge(now);
    total.tokens += purged.tokens;
    total.claims += purged.claims;
  }
  return total;
}

// The last byte: the maps take the first ones as their hash.
MemoryTokenStore::Shard& MemoryTokenStore::shard_of(const crypto::Digest& digest) const {
  return shards_[digest.bytes().back() % kShards];
}

} // namespace assay::stores
