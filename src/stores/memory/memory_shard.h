// A share of the memory store, with a lock of its own.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/answer_span.h"
#include "stores/claim_span.h"
#include "stores/memory/memory_buckets.h"

namespace assay::stores {

inline constexpr std::size_t kCacheLine = 64;

// What is looked up by digest lies where shard_of() says; the answer to a rotated token's first use
// lies with the token. Neighbours must not share a cache line: two threads would wait for it
// without sharing a lock.
class alignas(kCacheLine) MemoryShard {
public:
  // As std::lock_guard calls them.
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

  // For who holds the lock.
  bool take(const oauth::ReplayClaim& claim, TimePoint now);
  void give_back(const oauth::ReplayClaim& claim, TimePoint now);
  bool has(const crypto::Digest& claim, TimePoint now) const;
  void put(const oauth::TokenRecord& record);
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key, TimePoint now) const;
  bool erase(const oauth::TokenKey& key);
  void erase_family(std::string_view family);

  // A refresh token is good if it is live and was not rotated. Those that change one want it good.
  bool is_good(const oauth::TokenKey& refresh, TimePoint now) const;
  void rotate(const oauth::TokenKey& refresh, const oauth::Rotation& rotation);
  void extend(const oauth::TokenKey& refresh, TimePoint expires_at);
  std::optional<KeptAnswer> answer(const crypto::Digest& rotated, TimePoint now) const;

  // These lock for themselves, and let go now and then: there can be many tokens.
  void count(oauth::TokenCount& count, const std::optional<std::string>& client_id, TimePoint now,
             const oauth::IsRevoked& is_revoked);
  oauth::PurgeOutcome purge(TimePoint now);

private:
  using Tokens = std::map<std::uint64_t, std::unique_ptr<TokenBucket>>; // by TokenLocator::number()
  using Claims = std::map<ClaimSpan, ClaimBucket>;
  using Answers = std::map<AnswerSpan, AnswerBucket>;

  TokenBucket* bucket_of(const oauth::TokenKey& key) const;

  std::mutex mutex_;
  Tokens tokens_;
  Claims claims_;
  Answers answers_;
};

} // namespace assay::stores
