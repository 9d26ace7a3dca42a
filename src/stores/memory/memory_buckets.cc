#include "stores/memory/memory_buckets.h"

#include <algorithm>

namespace assay::stores {

void TokenBucket::put(const oauth::TokenRecord& record) {
  const auto [row, is_new] =
      rows_.try_emplace(record.key.digest, record, common_.of(record), memory_);
  over_at_ = std::max(over_at_, record.expires_at);
  if (!record.family.empty()) families_.emplace(row->second.family(), record.key.digest);
}

std::optional<oauth::TokenRecord> TokenBucket::find(const oauth::TokenKey& key,
                                                    TimePoint now) const {
  const auto row = rows_.find(key.digest);
  if (row == rows_.end() || row->second.expires_at() <= now) return std::nullopt;
  return row->second.unpacked(key);
}

void TokenBucket::erase_family(std::string_view family) {
  const auto [begin, end] = families_.equal_range(family);
  for (auto member = begin; member != end; ++member)
    erase(member->second);
  families_.erase(begin, end);
}

bool TokenBucket::is_good(const crypto::Digest& refresh, TimePoint now) const {
  const auto row = rows_.find(refresh);
  return row != rows_.end() && row->second.expires_at() > now &&
         row->second.kind() == oauth::TokenKind::refresh && !row->second.is_rotated();
}

void TokenBucket::rotate(const crypto::Digest& refresh) {
  PackedRecord& row = rows_.at(refresh);
  row.set_common(common_.rotated(row.common()));
}

void TokenBucket::extend(const crypto::Digest& refresh, TimePoint expires_at) {
  PackedRecord& row = rows_.at(refresh);
  row.set_expires_at(std::max(row.expires_at(), expires_at));
  over_at_ = std::max(over_at_, expires_at);
}

void TokenBucket::count(oauth::TokenCount& count, const std::optional<std::string>& client_id,
                        TimePoint now, const oauth::IsRevoked& is_revoked) const {
  for (const auto& [digest, row] : rows_) {
    if (row.expires_at() <= now || row.is_rotated()) continue;
    if (client_id && row.client_id() != *client_id) continue;
    if (is_revoked && is_revoked(row.unpacked({digest, {}}))) continue;
    ++(row.kind() == oauth::TokenKind::access ? count.access : count.refresh);
  }
}

} // namespace assay::stores
