#include "stores/memory/packed_record.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace assay::stores {

namespace {

using oauth::Confirmation;

constexpr std::uint32_t kFamilyEndMax = (1U << 30U) - 1;

bool fits(const CommonPart& common, const oauth::TokenRecord& record) {
  return common.kind == record.kind && common.is_rotated == record.is_rotated &&
         common.service == record.service && common.audience == record.audience &&
         common.token_type == record.token_type && common.parameters == record.parameters;
}

} // namespace

// Services that share all of these have different parameters at the most, and are few.
std::size_t CommonParts::Hash::operator()(const CommonPart& part) const {
  const std::hash<std::string> hash;
  return hash(part.service) ^ (hash(part.audience) << 1U) ^ static_cast<std::size_t>(part.kind);
}

const CommonPart& CommonParts::of(const oauth::TokenRecord& record) {
  if (!latest_ || !fits(*latest_, record))
    latest_ = &*known_
                    .insert({record.kind, record.is_rotated, record.service, record.audience,
                             record.token_type, record.parameters})
                    .first;
  return *latest_;
}

PackedRecord::PackedRecord(const oauth::TokenRecord& record, const CommonPart& common,
                           std::pmr::memory_resource& memory)
    : common_(&common), granted_at_(record.granted_at), issued_at_(record.issued_at),
      expires_at_(record.expires_at) {
  const Confirmation& confirmation = record.confirmation;
  has_key_ = confirmation.key ? 1 : 0;
  has_certificate_ = confirmation.certificate ? 1 : 0;
  const std::size_t bytes = record.client_id.size() + record.subject.size() + record.scope.size() +
                            record.family.size() +
                            (has_key_ + has_certificate_) * crypto::Digest::kBytes;
  char* const text = static_cast<char*>(memory.allocate(bytes, alignof(char)));
  std::uint32_t end = 0;
  const auto append = [&](const auto& part) {
    std::ranges::copy(part, text + end);
    return end += static_cast<std::uint32_t>(part.size());
  };
  client_id_end_ = append(record.client_id);
  subject_end_ = append(record.subject);
  scope_end_ = append(record.scope);
  family_end_ = append(record.family) & kFamilyEndMax;
  if (confirmation.key) append(confirmation.key->bytes());
  if (confirmation.certificate) append(confirmation.certificate->bytes());
  text_ = text;
}

oauth::Confirmation PackedRecord::confirmation() const {
  const char* digest = text_ + family_end_;
  const auto next = [&digest] {
    std::array<unsigned char, crypto::Digest::kBytes> bytes{};
    std::memcpy(bytes.data(), digest, bytes.size());
    digest += bytes.size();
    return crypto::Digest(bytes);
  };
  oauth::Confirmation confirmation;
  if (has_key_ != 0) confirmation.key = next();
  if (has_certificate_ != 0) confirmation.certificate = next();
  return confirmation;
}

oauth::TokenRecord PackedRecord::unpacked(const oauth::TokenKey& key) const {
  return {.key = key,
          .kind = common_->kind,
          .service = common_->service,
          .client_id = std::string(client_id()),
          .subject = std::string(part(client_id_end_, subject_end_)),
          .scope = std::string(part(subject_end_, scope_end_)),
          .audience = common_->audience,
          .token_type = common_->token_type,
          .granted_at = granted_at_,
          .issued_at = issued_at_,
          .expires_at = expires_at_,
          .family = std::string(family()),
          .parameters = common_->parameters,
          .confirmation = confirmation(),
          .is_rotated = common_->is_rotated};
}

} // namespace assay::stores
