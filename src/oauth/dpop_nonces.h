// The nonces that DPoP proofs are asked for (RFC 9449 section 8). None is kept: each tells when it
// was made, and that it was made here, or on another node with the same secret.
//
//   nonce = base64url( slot digest )
//   slot   = 8 bytes: the time in units of the nonces' life
//   digest = the first 16 bytes of the HMAC of the slot
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "crypto/keyed_digest.h"

namespace assay::oauth {

// Thread-safe.
class DpopNonces {
public:
  // The secret has at least 128 bits of chance.
  DpopNonces(std::string_view secret, std::chrono::seconds life);

  // Good for `life` at least and twice as long at most.
  std::string at(TimePoint now) const;

  // The clock of the node that made it may be ahead by a slot.
  bool is_good(std::string_view nonce, TimePoint now) const;

private:
  std::int64_t slot_of(TimePoint time) const;
  std::string of_slot(std::int64_t slot) const;

  crypto::KeyedDigest digest_;
  std::chrono::seconds life_;
};

} // namespace assay::oauth
