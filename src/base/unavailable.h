// Thrown when something outside the process that a request needs (a store, a disk) does not answer.
#pragma once

#include <stdexcept>

namespace assay {

// Caught once, in http/connection: the client gets 503 with Retry-After and no detail.
class Unavailable : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// Too much waits for it already, so it was not asked. Whoever sends much can bring that about: it
// must never be a reason to check less.
class Overloaded final : public Unavailable {
public:
  using Unavailable::Unavailable;
};

} // namespace assay
