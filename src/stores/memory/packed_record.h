// A token record as the memory store keeps it: what the tokens of one service have in common is
// shared between them, and the rest lies in one text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "oauth/token_store.h"

namespace assay::stores {

class PackedRecord {
public:
  // What differs only from service to service.
  struct Common {
    oauth::TokenKind kind;
    std::string service;
    std::string audience;
    std::string token_type;
    std::vector<std::pair<std::string, std::string>> parameters;

    bool operator==(const Common&) const = default;
  };

  PackedRecord(const oauth::TokenRecord& record, std::shared_ptr<const Common> common);

  oauth::TokenRecord unpacked(const oauth::TokenKey& key) const;

  std::string_view client_id() const;
  std::string_view family() const;
  oauth::TokenKind kind() const { return common_->kind; }
  TimePoint expires_at() const { return expires_at_; }

private:
  std::shared_ptr<const Common> common_;
  std::string text_; // client_id, subject, scope and family, one after the other
  std::uint32_t client_id_end_;
  std::uint32_t subject_end_;
  std::uint32_t scope_end_;
  TimePoint issued_at_;
  TimePoint expires_at_;
};

// Gives equal records one Common. For one thread at a time.
class CommonParts {
public:
  std::shared_ptr<const PackedRecord::Common> of(const oauth::TokenRecord& record);

private:
  std::vector<std::shared_ptr<const PackedRecord::Common>> known_; // a few: one a service and kind
};

} // namespace assay::stores
