// Access tokens that no store knows: JWTs that were minted while the token store was away
// (StoreOutage::mint). All that is known of one stands in it, under our signature.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "oauth/token_store.h"
#include "registry/signing_keys.h"

namespace assay::oauth {

// The key of that id, as SigningKeys::verifier() has it. Callable from any thread; does no I/O.
using VerificationKeyLookup =
    std::function<std::optional<registry::VerificationKey>(std::string_view id, TimePoint now)>;

// Thread-safe; does no I/O.
class UnstoredTokens {
public:
  UnstoredTokens(std::string issuer, VerificationKeyLookup keys)
      : issuer_(std::move(issuer)), keys_(std::move(keys)) {}

  // What a store would have of it. None unless it is one of ours, by its signature, that has not
  // expired at `now` (RFC 9068 section 4).
  std::optional<TokenRecord> read(std::string_view token, TimePoint now) const;

private:
  std::optional<TokenRecord> read_claims(std::string_view payload, TimePoint now) const;

  std::string issuer_;
  VerificationKeyLookup keys_;
};

} // namespace assay::oauth
