// Tokens and used assertions in memory: the fastest store, gone with the process.
#pragma once

#include <cstddef>
#include <memory>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/memory/memory_shard.h"

namespace assay::stores {

// Sharded by digest. Nothing in it ever waits but for a short lock.
class MemoryTokenStore final : public oauth::TokenStore, public oauth::TokenCatalogue {
public:
  MemoryTokenStore();
  ~MemoryTokenStore() override;

  Task<oauth::IssueOutcome> issue(oauth::Issue issue, TimePoint now) override;
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim claim, TimePoint now) override;
  Task<bool> seen(oauth::ReplayClaim claim, TimePoint now) override;
  Task<oauth::Redeemed> redeem(oauth::Redemption redemption, TimePoint now) override;
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey key, TimePoint now) override;
  Task<bool> revoke(oauth::TokenKey key, TimePoint now) override;

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                          const oauth::IsRevoked& is_revoked) override;
  oauth::PurgeOutcome purge(TimePoint now) override;
  TimePoint agreed_time(TimePoint now) override { return now; }
  void check() override {}

private:
  class LockedShards;

  std::size_t place_of(const crypto::Digest& digest) const;
  MemoryShard& shard_of(const crypto::Digest& digest) const { return shards_[place_of(digest)]; }
  bool take(const oauth::ReplayClaim& claim, TimePoint now);
  void put(const oauth::TokenRecord& record);
  std::optional<oauth::TokenRecord> look_up(const oauth::TokenKey& key, TimePoint now) const;
  bool erase(const oauth::TokenKey& key);
  bool erase_family(const oauth::TokenRecord& refresh);
  bool exchange(const oauth::Redemption& redemption, TimePoint now);
  oauth::Redeemed use_again(const oauth::TokenKey& refresh, TimePoint now);

  std::unique_ptr<MemoryShard[]> shards_;
};

} // namespace assay::stores
