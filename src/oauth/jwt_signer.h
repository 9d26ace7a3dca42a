// Signs what this server says of itself: JWT access tokens (RFC 9068), answers of introspection
// (RFC 9701).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/blocking_workers.h"
#include "base/clock.h"
#include "base/task.h"
#include "jose/algorithm.h"
#include "registry/signing_keys.h"

namespace assay::oauth {

// The key of that algorithm that signs at that time, or null. Callable from any thread; does no
// I/O.
using SigningKeyLookup = std::function<std::shared_ptr<const registry::SigningKey>(
    jose::Algorithm algorithm, TimePoint now)>;

// Thread-safe.
class JwtSigner {
public:
  // `slow_work` outlives it: an RSA signature takes as long as some 40 checks of one, so that it is
  // not made on a thread that serves requests.
  JwtSigner(SigningKeyLookup keys, BlockingWorkers& slow_work)
      : keys_(std::move(keys)), slow_work_(&slow_work) {}

  // The compact serialisation (RFC 7515 section 7.1) with `typ` and `kid`. `type` is a constant.
  // Throws Unavailable if no key signs.
  Task<std::string> sign(jose::Algorithm algorithm, std::string_view type, std::string payload,
                         TimePoint now) const;

private:
  SigningKeyLookup keys_;
  BlockingWorkers* slow_work_;
};

} // namespace assay::oauth
