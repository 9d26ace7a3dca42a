// Whether a token that lies in the store still stands: its application, its subject, and that
// nobody revoked it together with others.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/result.h"
#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "registry/application.h"

namespace assay::oauth {

// The application that a token was issued to, in the registry of the service that issued it; null
// if either is gone. Callable from any thread; does no I/O.
using OwnerLookup =
    std::function<std::shared_ptr<const registry::Application>(const TokenRecord& record)>;

// Thread-safe.
class TokenStanding {
public:
  TokenStanding(OwnerLookup owners, IsRevoked is_revoked)
      : owners_(std::move(owners)), is_revoked_(std::move(is_revoked)) {}

  // Null as in OwnerLookup.
  std::shared_ptr<const registry::Application> owner(const TokenRecord& record) const {
    return owners_(record);
  }

  // Reasons: token_owner_gone (or disabled), token_subject_gone, token_revoked.
  Result<void> check(const TokenRecord& record) const;

private:
  OwnerLookup owners_;
  IsRevoked is_revoked_;
};

} // namespace assay::oauth
