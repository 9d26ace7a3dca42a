#include "oauth/sender_lookup.h"

namespace assay::oauth {

Task<std::shared_ptr<const registry::Application>>
SenderLookup::find(const UnverifiedAssertion& assertion, TimePoint now) const {
  auto application = applications_(assertion.issuer);
  // Nothing is fetched for who is disabled: it would be refused anyway.
  if (!refresh_ || !application || !application->enabled || application->jwks_uri.empty())
    co_return application;
  co_await refresh_(std::move(application), assertion.jws.header.key_id, now);
  co_return applications_(assertion.issuer);
}

} // namespace assay::oauth
