// What the memory store keeps of tokens, claims and answers that end together. Each bucket takes
// its memory in big pieces and gives all of it back at once, when it is over.
#pragma once

#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "crypto/digest.h"
#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/memory/packed_record.h"

namespace assay::stores {

// For one thread at a time.
class TokenBucket {
public:
  void put(const oauth::TokenRecord& record);
  std::optional<oauth::TokenRecord> find(const oauth::TokenKey& key, TimePoint now) const;
  bool has(const crypto::Digest& digest) const { return rows_.contains(digest); }
  bool erase(const crypto::Digest& digest) { return rows_.erase(digest) > 0; }
  void erase_family(std::string_view family);

  // Whether it is a refresh token that is live and was not rotated. The other two want that.
  bool is_good(const crypto::Digest& refresh, TimePoint now) const;
  void rotate(const crypto::Digest& refresh);
  void extend(const crypto::Digest& refresh, TimePoint expires_at);

  // Adds its own to `count`.
  void count(oauth::TokenCount& count, const std::optional<std::string>& client_id, TimePoint now,
             const oauth::IsRevoked& is_revoked) const;
  std::size_t size() const { return rows_.size(); }

  TimePoint over_at() const { return over_at_; } // when the last of them expires

private:
  std::pmr::monotonic_buffer_resource memory_;
  CommonParts common_;
  std::pmr::unordered_map<crypto::Digest, PackedRecord, crypto::DigestHash> rows_{&memory_};
  // The names lie in the rows' texts, which stay until the bucket goes.
  std::pmr::unordered_multimap<std::string_view, crypto::Digest> families_{&memory_};
  TimePoint over_at_;
};

// For one thread at a time.
class ClaimBucket {
public:
  bool has(const crypto::Digest& claim, TimePoint now) const {
    const auto found = ends_.find(claim);
    return found != ends_.end() && found->second > now;
  }
  void put(const oauth::ReplayClaim& claim) {
    ends_.insert_or_assign(claim.digest, claim.acceptable_until);
  }
  void erase(const crypto::Digest& claim) { ends_.erase(claim); }
  std::size_t size() const { return ends_.size(); }

private:
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::unordered_map<crypto::Digest, TimePoint, crypto::DigestHash> ends_{&memory_};
};

// What the first use of a rotated token was answered.
struct KeptAnswer {
  oauth::TokenKey successor;
  std::string sealed;
  TimePoint repeatable_until;
};

// For one thread at a time.
class AnswerBucket {
public:
  // Null if there is none, or it cannot be repeated any more.
  const KeptAnswer* find(const crypto::Digest& rotated, TimePoint now) const {
    const auto found = answers_.find(rotated);
    return found != answers_.end() && found->second.repeatable_until > now ? &found->second
                                                                           : nullptr;
  }
  void put(const crypto::Digest& rotated, const oauth::Rotation& rotation) {
    answers_.insert_or_assign(rotated, KeptAnswer{.successor = rotation.successor.key,
                                                  .sealed = rotation.sealed_answer,
                                                  .repeatable_until = rotation.repeatable_until});
  }

private:
  std::unordered_map<crypto::Digest, KeptAnswer, crypto::DigestHash> answers_;
};

} // namespace assay::stores
