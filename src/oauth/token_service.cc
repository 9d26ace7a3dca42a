#include "oauth/token_service.h"

#include <algorithm>

#include "oauth/quotation.h"

namespace assay::oauth {

Task<Result<MintedToken>> TokenService::grant(TokenRequest request, GrantTrace& trace) {
  const auto offer = std::ranges::find(offers_, request.grant_type, &Offer::grant_type);
  if (offer == offers_.end())
    co_return refuse(Reason::grant_type_unsupported, quote_unless_secret(request.grant_type));
  auto granted = co_await offer->grant->grant(std::move(request), trace);
  co_return granted;
}

std::vector<std::string_view> TokenService::grant_types() const {
  std::vector<std::string_view> names;
  names.reserve(offers_.size());
  for (const Offer& offer : offers_)
    names.push_back(offer.grant_type);
  return names;
}

} // namespace assay::oauth
