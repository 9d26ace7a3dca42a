// Tokens and used assertions in memory: the fastest store, gone with the process.
#pragma once

#include <memory>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"

namespace assay::stores {

// Sharded by digest. Nothing in it ever waits but for a short lock.
class MemoryTokenStore final : public oauth::TokenStore, public oauth::TokenCatalogue {
public:
  MemoryTokenStore();
  ~MemoryTokenStore() override;

  Task<oauth::IssueOutcome> issue(oauth::Issue issue, TimePoint now) override;
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim claim, TimePoint now) override;
  Task<bool> seen(oauth::ReplayClaim claim, TimePoint now) override;
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey key, TimePoint now) override;
  Task<bool> revoke(oauth::TokenKey key, TimePoint now) override;

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now) override;
  oauth::PurgeOutcome purge(TimePoint now) override;
  void check() override {}

private:
  class Shard;
  Shard& shard_of(const crypto::Digest& digest) const;
  void put(const oauth::Issue& issue, TimePoint now);

  std::unique_ptr<Shard[]> shards_;
};

} // namespace assay::stores
