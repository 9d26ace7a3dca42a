// What is kept of a token and of a refresh token's state.
//
//   record = kind SP expires_at SP length SP client_id row
//   kind   = "a" (access) or "r" (refresh)
//   length = of client_id in bytes; row is as in stores/token_row.h
//   state  = ["r"] expires_at
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "oauth/token_store.h"
#include "oauth/token_transfer.h"

namespace assay::stores {

std::string redis_time(TimePoint time);

std::string encode_redis_record(const oauth::TokenRecord& record);

// Less its key. Throws Unavailable for anything else than encode_redis_record() makes.
oauth::TokenRecord decode_redis_record(std::string_view text);

// Of a refresh token; its record is as it was issued.
struct RefreshState {
  TimePoint expires_at;
  bool is_rotated;

  // Throws Unavailable for anything else than the script writes.
  static RefreshState of(std::string_view text);
};

// What is kept of the answer to a rotated token: redis_script.h has its form.
oauth::TransferredAnswer decode_redis_answer(std::string_view text);

// Of its base64url. Throws Unavailable for anything else.
crypto::Digest digest_from(std::string_view text);

} // namespace assay::stores
