// A token service: a path, and the grants that it offers.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/grant.h"

namespace assay::oauth {

// Thread-safe; lives as long as the server.
class TokenService {
public:
  struct Offer {
    std::string_view grant_type; // a constant
    std::unique_ptr<Grant> grant;
  };

  explicit TokenService(std::vector<Offer> offers) : offers_(std::move(offers)) {}

  // One look-up in the table of grants. Reason, beside the grant's own: grant_type_unsupported.
  Task<Result<MintedToken>> grant(TokenRequest request, GrantTrace& trace);

  std::vector<std::string_view> grant_types() const;

private:
  std::vector<Offer> offers_;
};

} // namespace assay::oauth
