// Decides whether a client may exchange a refresh token (RFC 6749 section 6).
#pragma once

#include "base/result.h"
#include "oauth/proven_sender.h"
#include "oauth/token_standing.h"
#include "oauth/token_store.h"

namespace assay::oauth {

// The sender that the token was issued for, if `client` is its application. A rotated token passes:
// whether it comes again in time is for TokenStore::redeem to say. Reasons: refresh_token_unknown,
// refresh_token_foreign.
Result<ProvenSender> redeemed_by(const ProvenSender& client, const TokenRecord& refresh,
                                 const TokenStanding& standing);

} // namespace assay::oauth
