#include "oauth/sender_lookup.h"

namespace assay::oauth {

Task<std::shared_ptr<const registry::Application>>
SenderLookup::find(const UnverifiedAssertion& assertion, TimePoint now) const {
  return find(assertion.issuer, assertion.jws.header.key_id, now);
}

Task<std::shared_ptr<const registry::Application>> SenderLookup::find(std::string client_id,
                                                                      TimePoint now) const {
  return find(std::move(client_id), std::nullopt, now);
}

Task<std::shared_ptr<const registry::Application>>
SenderLookup::find(std::string client_id, std::optional<std::string> key_id, TimePoint now) const {
  auto application = applications_(client_id);
  // Nothing is fetched for who is disabled: it would be refused anyway.
  if (!refresh_ || !application || !application->enabled || application->jwks_uri.empty())
    co_return application;
  co_await refresh_(std::move(application), std::move(key_id), now);
  co_return applications_(client_id);
}

} // namespace assay::oauth
