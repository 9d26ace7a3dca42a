#include "oauth/proof_memory.h"

#include <algorithm>

#include "base/unavailable.h"

namespace assay::oauth {

bool ProofMemory::take(const crypto::Digest& proof, TimePoint until, TimePoint now) {
  if (size_ >= proofs_max_) forget_what_is_over(now);
  // The sets take the digest's first bytes as their hash; the last is independent.
  Shard& shard = shards_[proof.bytes().back() % shards_.size()];
  const std::lock_guard lock(shard.mutex);
  forget_what_is_over(shard, now);
  const bool known = std::ranges::any_of(
      shard.by_end, [&](const auto& minute) { return minute.second.contains(proof); });
  if (known) return false;
  if (size_ >= proofs_max_) throw Overloaded("the memory of used DPoP proofs is full");
  shard.by_end[std::chrono::ceil<std::chrono::minutes>(until)].insert(proof);
  ++size_;
  return true;
}

// Also where no proof came since.
void ProofMemory::forget_what_is_over(TimePoint now) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    forget_what_is_over(shard, now);
  }
}

void ProofMemory::forget_what_is_over(Shard& shard, TimePoint now) {
  while (!shard.by_end.empty() && shard.by_end.begin()->first <= now) {
    size_ -= shard.by_end.begin()->second.size();
    shard.by_end.erase(shard.by_end.begin());
  }
}

} // namespace assay::oauth
