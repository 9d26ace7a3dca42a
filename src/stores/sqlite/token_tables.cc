#include "stores/sqlite/token_tables.h"

#include <fmt/format.h>

namespace assay::stores {

using oauth::IssueOutcome;

IssueOutcome TokenTables::issue(const oauth::Issue& issue, TimePoint now) {
  if (issue.claim && claims_.take(*issue.claim, now) == IssueOutcome::used_before)
    return IssueOutcome::used_before;
  tokens_.insert(issue.access);
  if (issue.refresh) tokens_.insert(*issue.refresh);
  return IssueOutcome::stored;
}

void TokenTables::rewrite() const {
  database_.execute(fmt::format("PRAGMA user_version={}", database_.version()));
}

} // namespace assay::stores
