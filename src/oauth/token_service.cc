#include "oauth/token_service.h"

#include <algorithm>

#include "base/utf8.h"

namespace assay::oauth {

Task<Result<MintedToken>> TokenService::grant(TokenRequest request, GrantTrace& trace) {
  const auto offer = std::ranges::find(offers_, request.grant_type, &Offer::grant_type);
  if (offer == offers_.end())
    co_return refuse(Reason::grant_type_unsupported,
                     std::string(utf8_prefix(request.grant_type, 200)));
  co_return co_await offer->grant->grant(std::move(request), trace);
}

std::vector<std::string_view> TokenService::grant_types() const {
  std::vector<std::string_view> names;
  for (const Offer& offer : offers_)
    names.push_back(offer.grant_type);
  return names;
}

} // namespace assay::oauth
