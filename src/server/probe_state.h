// The last that a background job saw of a store, for readiness probes, which must not block.
#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace assay::server {

// Thread-safe.
class ProbeState {
public:
  void set_fault(std::optional<std::string> fault) {
    const std::scoped_lock lock(mutex_);
    fault_ = std::move(fault);
  }
  std::optional<std::string> fault() const {
    const std::scoped_lock lock(mutex_);
    return fault_;
  }

private:
  mutable std::mutex mutex_;
  std::optional<std::string> fault_;
};

} // namespace assay::server
