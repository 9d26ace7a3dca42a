// An assertion (RFC 7521 section 4.1, RFC 7523), as it came and as it was proven.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "jose/claims.h"
#include "jose/jws.h"
#include "oauth/proven_sender.h"
#include "registry/application.h"

namespace assay::oauth {

struct AssertionLimits {
  jose::JwsLimits jws;
  jose::ClaimLimits claims;
};

// Well-formed, and nothing more: whoever sent it may have made up all of it.
struct UnverifiedAssertion {
  jose::CompactJws jws;
  jose::Claims claims;
  std::string issuer; // the claim, which every assertion must have
};

Result<UnverifiedAssertion> parse_assertion(std::string_view text, const AssertionLimits& limits);

// Claims that passed AssertionVerifier::verify(), its only maker.
class VerifiedAssertion {
public:
  const ProvenSender& sender() const { return sender_; }
  const jose::Claims& claims() const { return claims_; }

  // The key that proved it: its kid, or its thumbprint if it has none.
  const std::string& key_id() const { return key_id_; }

  // `exp` plus the clock skew: from then on verify() refuses it.
  TimePoint acceptable_until() const { return acceptable_until_; }

private:
  friend class AssertionVerifier;
  VerifiedAssertion(ProvenSender sender, jose::Claims claims, std::string key_id,
                    TimePoint acceptable_until)
      : sender_(std::move(sender)), claims_(std::move(claims)), key_id_(std::move(key_id)),
        acceptable_until_(acceptable_until) {}

  ProvenSender sender_;
  jose::Claims claims_;
  std::string key_id_;
  TimePoint acceptable_until_;
};

} // namespace assay::oauth
