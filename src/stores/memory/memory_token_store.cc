#include "stores/memory/memory_token_store.h"

#include <bitset>
#include <mutex>
#include <utility>
#include <variant>

namespace assay::stores {

using oauth::IssueOutcome;
using oauth::Redeemed;
using oauth::TokenKey;
using oauth::TokenRecord;

namespace {

constexpr std::size_t kShards = 16;

using Places = std::bitset<kShards>;

} // namespace

// Several at once, in the order of their places, so that no two threads wait for each other.
//
// What becomes of a family takes more than one shard: a redemption puts new members while it
// changes an old one, and a revocation erases all. A redemption holds the shards of all that it
// touches, a revocation all there are. So the one is over before the other begins: either the
// members that it put are there to be erased, or the token that it would exchange is gone.
class MemoryTokenStore::LockedShards {
public:
  LockedShards(MemoryShard* shards, Places places) : shards_(shards), places_(places) {
    for (std::size_t place = 0; place < kShards; ++place)
      if (places_[place]) shards_[place].lock();
  }
  ~LockedShards() {
    for (std::size_t place = 0; place < kShards; ++place)
      if (places_[place]) shards_[place].unlock();
  }
  LockedShards(const LockedShards&) = delete;
  LockedShards& operator=(const LockedShards&) = delete;

private:
  MemoryShard* shards_;
  Places places_;
};

MemoryTokenStore::MemoryTokenStore() : shards_(std::make_unique<MemoryShard[]>(kShards)) {}

MemoryTokenStore::~MemoryTokenStore() = default;

// What comes between the claim and the tokens is seen by nobody: no one knows a token's text before
// its issue is answered.
Task<IssueOutcome> MemoryTokenStore::issue(oauth::Issue issue, TimePoint now) {
  if (issue.claim && !take(*issue.claim, now)) co_return IssueOutcome::used_before;
  try {
    put(issue.access);
    if (issue.refresh) put(*issue.refresh);
  } catch (...) {
    // There is no memory left: all or none.
    erase(issue.access.key);
    if (issue.claim) {
      MemoryShard& shard = shard_of(issue.claim->digest);
      const std::lock_guard lock(shard);
      shard.give_back(*issue.claim, now);
    }
    throw;
  }
  co_return IssueOutcome::stored;
}

Task<IssueOutcome> MemoryTokenStore::claim(oauth::ReplayClaim claim, TimePoint now) {
  co_return take(claim, now) ? IssueOutcome::stored : IssueOutcome::used_before;
}

Task<bool> MemoryTokenStore::seen(oauth::ReplayClaim claim, TimePoint now) {
  MemoryShard& shard = shard_of(claim.digest);
  const std::lock_guard lock(shard);
  co_return shard.has(claim.digest, now);
}

Task<Redeemed> MemoryTokenStore::redeem(oauth::Redemption redemption, TimePoint now) {
  if (redemption.claim && !take(*redemption.claim, now))
    co_return Redeemed{Redeemed::Outcome::used_before, {}};
  if (exchange(redemption, now)) co_return Redeemed{Redeemed::Outcome::stored, {}};
  co_return use_again(redemption.refresh, now);
}

Task<std::optional<TokenRecord>> MemoryTokenStore::find(TokenKey key, TimePoint now) {
  co_return look_up(key, now);
}

Task<bool> MemoryTokenStore::revoke(TokenKey key, TimePoint now) {
  const auto record = look_up(key, now);
  if (!record) co_return false;
  co_return record->kind == oauth::TokenKind::refresh ? erase_family(*record) : erase(key);
}

oauth::TokenCount MemoryTokenStore::count(const std::optional<std::string>& client_id,
                                          TimePoint now, const oauth::IsRevoked& is_revoked) {
  oauth::TokenCount total;
  for (std::size_t place = 0; place < kShards; ++place)
    shards_[place].count(total, client_id, now, is_revoked);
  return total;
}

oauth::PurgeOutcome MemoryTokenStore::purge(TimePoint now) {
  oauth::PurgeOutcome total;
  for (std::size_t place = 0; place < kShards; ++place) {
    const auto purged = shards_[place].purge(now);
    total.tokens += purged.tokens;
    total.claims += purged.claims;
  }
  return total;
}

// The last byte: the maps take the first ones as their hash.
std::size_t MemoryTokenStore::place_of(const crypto::Digest& digest) const {
  return digest.bytes().back() % kShards;
}

bool MemoryTokenStore::take(const oauth::ReplayClaim& claim, TimePoint now) {
  MemoryShard& shard = shard_of(claim.digest);
  const std::lock_guard lock(shard);
  return shard.take(claim, now);
}

void MemoryTokenStore::put(const TokenRecord& record) {
  MemoryShard& shard = shard_of(record.key.digest);
  const std::lock_guard lock(shard);
  shard.put(record);
}

std::optional<TokenRecord> MemoryTokenStore::look_up(const TokenKey& key, TimePoint now) const {
  MemoryShard& shard = shard_of(key.digest);
  const std::lock_guard lock(shard);
  return shard.find(key, now);
}

bool MemoryTokenStore::erase(const TokenKey& key) {
  MemoryShard& shard = shard_of(key.digest);
  const std::lock_guard lock(shard);
  return shard.erase(key);
}

bool MemoryTokenStore::erase_family(const TokenRecord& refresh) {
  const LockedShards locked(shards_.get(), Places().set());
  if (!shard_of(refresh.key.digest).erase(refresh.key)) return false;
  if (refresh.family.empty()) return true;
  for (std::size_t place = 0; place < kShards; ++place)
    shards_[place].erase_family(refresh.family);
  return true;
}

// False, and nothing has changed, if there is no refresh token that is good for it.
bool MemoryTokenStore::exchange(const oauth::Redemption& redemption, TimePoint now) {
  const auto* const rotation = std::get_if<oauth::Rotation>(&redemption.change);
  const auto* const extension = std::get_if<oauth::Extension>(&redemption.change);
  const TokenRecord& access = redemption.access;
  Places places;
  places.set(place_of(redemption.refresh.digest)).set(place_of(access.key.digest));
  if (rotation) places.set(place_of(rotation->successor.key.digest));

  const LockedShards locked(shards_.get(), places);
  MemoryShard& shard = shard_of(redemption.refresh.digest);
  if (!shard.is_good(redemption.refresh, now)) return false;
  try {
    shard_of(access.key.digest).put(access);
    if (rotation) {
      shard_of(rotation->successor.key.digest).put(rotation->successor);
      shard.rotate(redemption.refresh, *rotation);
    }
    if (extension) shard.extend(redemption.refresh, extension->expires_at);
  } catch (...) {
    // There is no memory left: all or none.
    shard_of(access.key.digest).erase(access.key);
    if (rotation) shard_of(rotation->successor.key.digest).erase(rotation->successor.key);
    throw;
  }
  return true;
}

// What exchange() found not good stays so. Nor does it matter that the successor is looked at
// later: while it is good, the family was not revoked, and the answer is good as well.
Redeemed MemoryTokenStore::use_again(const TokenKey& refresh, TimePoint now) {
  std::optional<TokenRecord> record;
  std::optional<KeptAnswer> answer;
  {
    MemoryShard& shard = shard_of(refresh.digest);
    const std::lock_guard lock(shard);
    record = shard.find(refresh, now);
    answer = shard.answer(refresh.digest, now);
  }
  if (!record || !record->is_rotated) return {Redeemed::Outcome::unknown, {}};

  if (answer) {
    MemoryShard& shard = shard_of(answer->successor.digest);
    const std::lock_guard lock(shard);
    // One that is gone, or was used itself, shows that its owner got the first answer.
    if (shard.is_good(answer->successor, now))
      return {Redeemed::Outcome::repeated, std::move(answer->sealed)};
  }
  return {erase_family(*record) ? Redeemed::Outcome::reused : Redeemed::Outcome::unknown, {}};
}

} // namespace assay::stores
