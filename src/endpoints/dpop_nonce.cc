#include "endpoints/dpop_nonce.h"

namespace assay::endpoints {

void add_nonce(http::Response& response, const http::Request& request,
               const oauth::DpopVerifier& proofs, TimePoint now) {
  if (proofs.policy().require_nonce && request.field("DPoP"))
    response.with("DPoP-Nonce", proofs.nonce(now));
}

} // namespace assay::endpoints
