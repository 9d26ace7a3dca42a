// The calls that only look, each with the statement that makes many of them at once.
#pragma once

#include <optional>

#include "oauth/token_store.h"
#include "stores/postgres/grouped_call.h"

namespace assay::stores {

struct FindCall final : GroupedCall {
  FindCall(const oauth::TokenKey& token, TimePoint called_at);

  oauth::TokenKey key;
  TimePoint now;
  std::optional<oauth::TokenRecord> record;
};

struct SeenCall final : GroupedCall {
  SeenCall(const oauth::ReplayClaim& given, TimePoint called_at);

  oauth::ReplayClaim claim;
  TimePoint now;
  bool is_seen = false;
};

} // namespace assay::stores
