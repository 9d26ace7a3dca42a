// Which DPoP proofs were used (RFC 9449 section 11.1): in memory, as a proof is good for a minute
// or two, and of this process alone. Where several nodes serve one API, nonces keep that time
// short.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <unordered_set>

#include "base/clock.h"
#include "crypto/digest.h"

namespace assay::oauth {

// Thread-safe; sharded, so that threads rarely meet.
class ProofMemory {
public:
  explicit ProofMemory(std::size_t proofs_max) : proofs_max_(proofs_max) {}

  // False if the proof was taken before; it is remembered until `until`. Throws Unavailable when it
  // remembers as many as it may: to forget one that is still good would let it pass twice.
  bool take(const crypto::Digest& proof, TimePoint until, TimePoint now);

  std::size_t size() const { return size_; }

private:
  // What ends in the same minute is forgotten together.
  using Minute = std::chrono::sys_time<std::chrono::minutes>;
  using Proofs = std::unordered_set<crypto::Digest, crypto::DigestHash>;
  struct alignas(64) Shard { // a cache line: neighbours must not share one
    std::mutex mutex;
    std::map<Minute, Proofs> by_end;
  };

  void forget_what_is_over(TimePoint now);
  void forget_what_is_over(Shard& shard, TimePoint now);

  const std::size_t proofs_max_;
  std::atomic<std::size_t> size_ = 0;
  std::array<Shard, 64> shards_;
};

} // namespace assay::oauth
