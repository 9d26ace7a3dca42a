#include "stores/memory/memory_token_store.h"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stores/memory/packed_record.h"

namespace assay::stores {

using oauth::IssueOutcome;
using oauth::TokenKey;
using oauth::TokenRecord;

namespace {

constexpr std::size_t kShards = 16;
constexpr std::size_t kCacheLine = 64;

// Claims that end together are forgotten together.
constexpr std::chrono::seconds kClaimBucket{256};

std::int64_t claim_bucket(TimePoint acceptable_until) {
  return unix_seconds(acceptable_until) / kClaimBucket.count();
}

TimePoint claims_over_at(std::int64_t bucket) { return TimePoint((bucket + 1) * kClaimBucket); }

std::uint32_t token_bucket(const TokenRecord& record) {
  return oauth::TokenLocator::of(record.issued_at, record.expires_at).number();
}

} // namespace

class alignas(kCacheLine) MemoryTokenStore::Shard {
public:
  bool take(const oauth::ReplayClaim& claim, TimePoint now) {
    const std::lock_guard lock(mutex_);
    if (is_taken(claim.digest, now)) return false;
    claims_[claim_bucket(claim.acceptable_until)].insert_or_assign(claim.digest,
                                                                   claim.acceptable_until);
    return true;
  }

  bool has(const crypto::Digest& claim, TimePoint now) {
    const std::lock_guard lock(mutex_);
    return is_taken(claim, now);
  }

  void put(const TokenRecord& record) {
    const std::lock_guard lock(mutex_);
    Bucket& bucket = tokens_[token_bucket(record)];
    bucket.over_at = std::max(bucket.over_at, record.expires_at);
    bucket.rows.try_emplace(record.key.digest, record, common_.of(record));
  }

  std::optional<TokenRecord> find(const TokenKey& key, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const Place place = look_up(key);
    if (!place.bucket || place.row->second.expires_at() <= now) return std::nullopt;
    return place.row->second.unpacked(key);
  }

  bool erase(const TokenKey& key) {
    const std::lock_guard lock(mutex_);
    const Place place = look_up(key);
    if (place.bucket) place.bucket->rows.erase(place.row);
    return place.bucket != nullptr;
  }

  // The keys of the family's tokens.
  std::vector<TokenKey> family(std::string_view name) {
    const std::lock_guard lock(mutex_);
    std::vector<TokenKey> keys;
    for (const auto& [number, bucket] : tokens_)
      for (const auto& [digest, row] : bucket.rows)
        if (row.family() == name) keys.push_back({digest, {}});
    return keys;
  }

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now) {
    const std::lock_guard lock(mutex_);
    oauth::TokenCount count;
    for (const auto& [number, bucket] : tokens_) {
      for (const auto& [digest, row] : bucket.rows) {
        if (row.expires_at() <= now || (client_id && row.client_id() != *client_id)) continue;
        ++(row.kind() == oauth::TokenKind::access ? count.access : count.refresh);
      }
    }
    return count;
  }

  // Moved out under the lock and destroyed without it: a big bucket takes a while to take down.
  oauth::PurgeOutcome purge(TimePoint now) {
    std::unique_lock lock(mutex_);
    const auto tokens = tokens_over(now);
    const auto claims = claims_over(now);
    lock.unlock();

    oauth::PurgeOutcome outcome;
    for (const Rows& rows : tokens)
      outcome.tokens += rows.size();
    for (const Claims& taken : claims)
      outcome.claims += taken.size();
    return outcome;
  }

private:
  using Rows = std::unordered_map<crypto::Digest, PackedRecord, crypto::DigestHash>;
  using Claims = std::unordered_map<crypto::Digest, TimePoint, crypto::DigestHash>;
  struct Bucket {
    Rows rows;
    TimePoint over_at; // when the last of them expires
  };
  struct Place {
    Bucket* bucket = nullptr; // null: there is no such token
    Rows::iterator row;
  };

  std::vector<Rows> tokens_over(TimePoint now) {
    std::vector<Rows> over;
    for (auto at = tokens_.begin(); at != tokens_.end();) {
      const auto bucket = at++;
      if (bucket->second.over_at > now) continue;
      over.push_back(std::move(bucket->second.rows));
      tokens_.erase(bucket);
    }
    return over;
  }

  std::vector<Claims> claims_over(TimePoint now) {
    std::vector<Claims> over;
    while (!claims_.empty() && claims_over_at(claims_.begin()->first) <= now) {
      over.push_back(std::move(claims_.begin()->second));
      claims_.erase(claims_.begin());
    }
    return over;
  }

  bool is_taken(const crypto::Digest& claim, TimePoint now) const {
    for (const auto& [bucket, taken] : claims_) {
      const auto found = taken.find(claim);
      if (found != taken.end() && found->second > now) return true;
    }
    return false;
  }

  Place look_up(const TokenKey& key) {
    if (key.locator) {
      const auto bucket = tokens_.find(key.locator->number());
      return bucket == tokens_.end() ? Place{} : look_up_in(bucket->second, key);
    }
    for (auto& [number, bucket] : tokens_)
      if (const Place place = look_up_in(bucket, key); place.bucket) return place;
    return {};
  }

  static Place look_up_in(Bucket& bucket, const TokenKey& key) {
    const auto row = bucket.rows.find(key.digest);
    return row == bucket.rows.end() ? Place{} : Place{&bucket, row};
  }

  std::mutex mutex_;
  std::map<std::uint32_t, Bucket> tokens_;
  std::map<std::int64_t, Claims> claims_;
  CommonParts common_;
};

MemoryTokenStore::MemoryTokenStore() : shards_(std::make_unique<Shard[]>(kShards)) {}

MemoryTokenStore::~MemoryTokenStore() = default;

// Taken claim, stored records: what comes between the two is seen by nobody, as nobody knows the
// token's text before this returns.
Task<IssueOutcome> MemoryTokenStore::issue(oauth::Issue issue, TimePoint now) {
  if (issue.claim && !shard_of(issue.claim->digest).take(*issue.claim, now))
    co_return IssueOutcome::used_before;
  shard_of(issue.access.key.digest).put(issue.access);
  if (issue.refresh) shard_of(issue.refresh->key.digest).put(*issue.refresh);
  co_return IssueOutcome::stored;
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
  if (!record) co_return false;
  if (record->kind == oauth::TokenKind::refresh && !record->family.empty())
    for (std::size_t shard = 0; shard < kShards; ++shard)
      for (const TokenKey& member : shards_[shard].family(record->family))
        erase(member);
  co_return erase(key) || record->kind == oauth::TokenKind::refresh;
}

oauth::TokenCount MemoryTokenStore::count(const std::optional<std::string>& client_id,
                                          TimePoint now) {
  oauth::TokenCount total;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    const auto count = shards_[shard].count(client_id, now);
    total.access += count.access;
    total.refresh += count.refresh;
  }
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

bool MemoryTokenStore::erase(const TokenKey& key) { return shard_of(key.digest).erase(key); }

} // namespace assay::stores
