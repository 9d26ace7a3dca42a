// Thrown when something outside the process that a request needs (a store, a disk) does not answer.
#pragma once

#include <stdexcept>

namespace assay {

// Caught once, in http/connection: the client gets 503 with Retry-After and no detail.
class Unavailable final : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace assay
