// A token record as the memory store keeps it: what the tokens of one service have in common is
// shared between them, and the rest lies in one text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "oauth/token_store.h"

namespace assay::stores {

// What differs only from service to service.
struct CommonPart {
  oauth::TokenKind kind;
  bool is_rotated;
  std::string service;
  std::string audience;
  std::string token_type;
  std::vector<std::pair<std::string, std::string>> parameters;

  bool operator==(const CommonPart&) const = default;
};

// Gives equal records one CommonPart, which stays where it is. For one thread at a time.
class CommonParts {
public:
  const CommonPart& of(const oauth::TokenRecord& record);

  // The same of refresh tokens that were rotated.
  const CommonPart& rotated(CommonPart common) {
    common.is_rotated = true;
    return *known_.insert(std::move(common)).first;
  }

private:
  struct Hash {
    std::size_t operator()(const CommonPart& part) const;
  };

  const CommonPart* latest_ = nullptr; // nearly always the next one as well
  std::unordered_set<CommonPart, Hash> known_;
};

// A value, good as long as the common part and the memory that it was given. 56 bytes beside its
// text.
class PackedRecord {
public:
  PackedRecord(const oauth::TokenRecord& record, const CommonPart& common,
               std::pmr::memory_resource& memory);

  oauth::TokenRecord unpacked(const oauth::TokenKey& key) const;

  oauth::TokenKind kind() const { return common_->kind; }
  bool is_rotated() const { return common_->is_rotated; }
  TimePoint expires_at() const { return expires_at_; }
  std::string_view client_id() const { return part(0, client_id_end_); }
  std::string_view family() const { return part(scope_end_, family_end_); }

  const CommonPart& common() const { return *common_; }
  void set_common(const CommonPart& common) { common_ = &common; }
  void set_expires_at(TimePoint expires_at) { expires_at_ = expires_at; }

private:
  oauth::Confirmation confirmation() const;
  std::string_view part(std::uint32_t begin, std::uint32_t end) const {
    return {text_ + begin, end - begin};
  }

  const CommonPart* common_;
  // client_id, subject, scope and family, one after the other, and what it is bound to behind.
  const char* text_;
  std::uint32_t client_id_end_;
  std::uint32_t subject_end_;
  std::uint32_t scope_end_;
  std::uint32_t family_end_ : 30;
  std::uint32_t has_key_ : 1;
  std::uint32_t has_certificate_ : 1;
  TimePoint granted_at_;
  TimePoint issued_at_;
  TimePoint expires_at_;
};

} // namespace assay::stores
