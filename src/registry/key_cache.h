// Parsed keys, by the digest of their text. Parsing costs 200 µs and more, a look-up well under
// one.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "jose/public_key.h"
#include "registry/registered_key.h"

namespace assay::registry {

// Bounded: the key that was used longest ago makes room. Thread-safe; sharded, so that threads
// rarely meet.
class KeyCache {
public:
  // Room for `keys_max` keys (at least one), rounded up to a whole number a shard.
  explicit KeyCache(std::size_t keys_max);
  ~KeyCache();
  KeyCache(const KeyCache&) = delete;
  KeyCache& operator=(const KeyCache&) = delete;

  // The parsed key; parses it if it is not there. A fault if the text is no key: that happens only
  // if somebody wrote to the store around parse_application.
  jose::KeyResult<jose::PublicKey> parsed(const RegisteredKey& key);

  std::size_t size() const;

private:
  class Shard;
  std::vector<std::unique_ptr<Shard>> shards_;
};

} // namespace assay::registry
