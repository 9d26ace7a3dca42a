#include "oauth/refresh_redemption.h"

#include "oauth/quotation.h"

namespace assay::oauth {

Result<ProvenSender> redeemed_by(const ProvenSender& client, const TokenRecord& refresh,
                                 const TokenStanding& standing) {
  if (refresh.kind != TokenKind::refresh)
    return refuse(Reason::refresh_token_unknown, "expected a refresh token; found an access token");
  // Somebody else's: stolen, or a mix-up. Nothing happens to it, or any client that gets hold of a
  // used one could end its owner's session.
  if (refresh.client_id != client.application().id)
    return refuse(Reason::refresh_token_foreign,
                  "expected one of this client's; found one of " + quote(refresh.client_id));
  if (const auto stands = standing.check(refresh); !stands)
    return refuse(Reason::refresh_token_unknown, std::string(name(stands.error().reason)));
  return ProvenSender(client.application_, refresh.subject);
}

} // namespace assay::oauth
