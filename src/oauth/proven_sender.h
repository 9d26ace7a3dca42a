// Who is behind a request, once that is proven.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "registry/application.h"

namespace assay::oauth {

struct TokenRecord;
class TokenStanding;

// Vouches that the application made this request, for that subject. Only the stages that prove it
// can make one: AssertionVerifier, ClientAuthenticator and redeemed_by(). The minter takes nothing
// less.
class ProvenSender {
public:
  const registry::Application& application() const { return *application_; }

  // The application's own id, or a subject registered for it.
  const std::string& subject() const { return subject_; }

private:
  friend class AssertionVerifier;
  friend class ClientAuthenticator;
  friend Result<ProvenSender> redeemed_by(const ProvenSender& client, const TokenRecord& refresh,
                                          const TokenStanding& standing);
  ProvenSender(std::shared_ptr<const registry::Application> application, std::string subject)
      : application_(std::move(application)), subject_(std::move(subject)) {}

  std::shared_ptr<const registry::Application> application_;
  std::string subject_;
};

} // namespace assay::oauth
