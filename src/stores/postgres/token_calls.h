// The calls that change something, each with the statement that makes many of them at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "stores/postgres/claiming_call.h"
#include "stores/postgres/token_columns.h"

namespace assay::stores {

// A grant, or a claim alone: then there are no rows.
struct IssueCall final : ClaimingCall {
  explicit IssueCall(const oauth::Issue& issue, TimePoint now);
  IssueCall(const oauth::ReplayClaim& claim, TimePoint now);

  std::vector<TokenRow> rows;
};

struct RedeemCall final : ClaimingCall {
  RedeemCall(oauth::Redemption given, TimePoint now);

  oauth::Redemption redemption;
  TokenRow access;
  std::optional<TokenRow> successor;
  oauth::Redeemed redeemed;
};

struct RevokeCall final : GroupedCall {
  RevokeCall(const oauth::TokenKey& token, TimePoint called_at);

  oauth::TokenKey key;
  TimePoint now;
  bool is_revoked = false;
};

} // namespace assay::stores
