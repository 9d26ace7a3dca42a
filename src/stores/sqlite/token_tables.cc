#include "stores/sqlite/token_tables.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

namespace assay::stores {

using oauth::IssueOutcome;
using oauth::Redeemed;

IssueOutcome TokenTables::issue(const oauth::Issue& issue, TimePoint now) {
  if (issue.claim && claims_.take(*issue.claim, now) == IssueOutcome::used_before)
    return IssueOutcome::used_before;
  tokens_.insert(issue.access);
  if (issue.refresh) tokens_.insert(*issue.refresh);
  return IssueOutcome::stored;
}

Redeemed TokenTables::redeem(const oauth::Redemption& redemption, TimePoint now) {
  if (redemption.claim && claims_.take(*redemption.claim, now) == IssueOutcome::used_before)
    return {Redeemed::Outcome::used_before, {}};
  if (!exchange(redemption, now)) return use_again(redemption.refresh, now);

  // The old token has become the new one, or stays good: nobody else can come between.
  tokens_.insert(redemption.access);
  if (const auto* rotation = std::get_if<oauth::Rotation>(&redemption.change)) {
    tokens_.insert(rotation->successor);
    answers_.put(redemption.refresh.digest, *rotation);
  }
  return {Redeemed::Outcome::stored, {}};
}

// False, and nothing has changed, if there is no refresh token that is good for it.
bool TokenTables::exchange(const oauth::Redemption& redemption, TimePoint now) {
  if (tokens_.is_revoked(redemption.access.family)) return false;
  if (const auto* rotation = std::get_if<oauth::Rotation>(&redemption.change))
    return tokens_.rotate(redemption.refresh, rotation->repeatable_until, now);
  if (const auto* extension = std::get_if<oauth::Extension>(&redemption.change))
    return tokens_.extend(redemption.refresh, extension->expires_at, now);
  return tokens_.is_good(redemption.refresh, now);
}

Redeemed TokenTables::use_again(const oauth::TokenKey& refresh, TimePoint now) {
  const auto record = tokens_.find(refresh, now);
  if (!record || !record->is_rotated) return {Redeemed::Outcome::unknown, {}};

  // A successor that is gone, or was used itself, shows that its owner got the first answer.
  const auto until = tokens_.repeatable_until(refresh, now);
  if (until && now < *until) {
    auto answer = answers_.find(refresh.digest, *until);
    if (answer && tokens_.is_good(answer->successor, now))
      return {Redeemed::Outcome::repeated, std::move(answer->sealed)};
  }
  tokens_.revoke(refresh, now);
  return {Redeemed::Outcome::reused, {}};
}

void TokenTables::rewrite() const {
  database_.execute(fmt::format("PRAGMA user_version={}", database_.version()));
}

} // namespace assay::stores
