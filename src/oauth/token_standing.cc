#include "oauth/token_standing.h"

namespace assay::oauth {

Result<void> TokenStanding::check(const TokenRecord& record) const {
  const auto owner = owners_(record);
  if (!owner) return refuse(Reason::token_owner_gone, "its application or service is not there");
  if (!owner->enabled) return refuse(Reason::token_owner_gone, "its application is disabled");
  if (!owner->may_speak_for(record.subject)) return refuse(Reason::token_subject_gone);
  if (is_revoked_ && is_revoked_(record)) return refuse(Reason::token_revoked);
  return {};
}

} // namespace assay::oauth
