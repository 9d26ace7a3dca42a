#include "registry/key_cache.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "registry/recent_map.h"

namespace assay::registry {

namespace {

constexpr std::size_t kShardsMax = 16;

} // namespace

class KeyCache::Shard {
public:
  explicit Shard(std::size_t keys_max) : keys_(keys_max) {}

  std::optional<jose::PublicKey> find(const crypto::Digest& digest) {
    const std::lock_guard lock(mutex_);
    const jose::PublicKey* key = keys_.find(digest);
    return key ? std::optional(*key) : std::nullopt;
  }

  void put(const crypto::Digest& digest, const jose::PublicKey& key) {
    const std::lock_guard lock(mutex_);
    keys_.put(digest, key);
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return keys_.size();
  }

private:
  mutable std::mutex mutex_;
  RecentMap<crypto::Digest, jose::PublicKey, crypto::DigestHash> keys_;
};

KeyCache::KeyCache(std::size_t keys_max) {
  const std::size_t shards = std::clamp<std::size_t>(keys_max, 1, kShardsMax);
  const std::size_t keys_a_shard = std::max<std::size_t>(1, (keys_max + shards - 1) / shards);
  for (std::size_t index = 0; index < shards; ++index)
    shards_.push_back(std::make_unique<Shard>(keys_a_shard));
}

KeyCache::~KeyCache() = default;

jose::KeyResult<jose::PublicKey> KeyCache::parsed(const RegisteredKey& key) {
  // The map in the shard takes the digest's first bytes as its hash; the last is independent.
  Shard& shard = *shards_[key.digest.bytes().back() % shards_.size()];
  if (auto known = shard.find(key.digest)) return std::move(*known);

  // Without the lock: others shall not wait for 200 µs. Two threads may parse one key; both results
  // are the same.
  auto fresh = parse(key);
  if (fresh) shard.put(key.digest, *fresh);
  return fresh;
}

std::size_t KeyCache::size() const {
  std::size_t keys = 0;
  for (const auto& shard : shards_)
    keys += shard->size();
  return keys;
}

} // namespace assay::registry
