#include "stores/memory/packed_record.h"

#include <algorithm>
#include <utility>

namespace assay::stores {

namespace {

// More than there are services; what a reload of the settings left behind makes room.
constexpr std::size_t kCommonMax = 64;

bool fits(const PackedRecord::Common& common, const oauth::TokenRecord& record) {
  return common.kind == record.kind && common.service == record.service &&
         common.audience == record.audience && common.token_type == record.token_type &&
         common.parameters == record.parameters;
}

} // namespace

PackedRecord::PackedRecord(const oauth::TokenRecord& record, std::shared_ptr<const Common> common)
    : common_(std::move(common)), issued_at_(record.issued_at), expires_at_(record.expires_at) {
  text_.reserve(record.client_id.size() + record.subject.size() + record.scope.size() +
                record.family.size());
  const auto append = [this](const std::string& part) {
    text_ += part;
    return static_cast<std::uint32_t>(text_.size());
  };
  client_id_end_ = append(record.client_id);
  subject_end_ = append(record.subject);
  scope_end_ = append(record.scope);
  append(record.family);
}

oauth::TokenRecord PackedRecord::unpacked(const oauth::TokenKey& key) const {
  return {.key = key,
          .kind = common_->kind,
          .service = common_->service,
          .client_id = text_.substr(0, client_id_end_),
          .subject = text_.substr(client_id_end_, subject_end_ - client_id_end_),
          .scope = text_.substr(subject_end_, scope_end_ - subject_end_),
          .audience = common_->audience,
          .token_type = common_->token_type,
          .issued_at = issued_at_,
          .expires_at = expires_at_,
          .family = std::string(family()),
          .parameters = common_->parameters};
}

std::string_view PackedRecord::client_id() const {
  return std::string_view(text_).substr(0, client_id_end_);
}

std::string_view PackedRecord::family() const { return std::string_view(text_).substr(scope_end_); }

std::shared_ptr<const PackedRecord::Common> CommonParts::of(const oauth::TokenRecord& record) {
  const auto found =
      std::ranges::find_if(known_, [&](const auto& common) { return fits(*common, record); });
  if (found != known_.end()) return *found;
  if (known_.size() == kCommonMax) known_.erase(known_.begin());
  return known_.emplace_back(std::make_shared<const PackedRecord::Common>(
      record.kind, record.service, record.audience, record.token_type, record.parameters));
}

} // namespace assay::stores
