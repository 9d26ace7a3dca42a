// Whether the server can do its work: named probes, asked by GET /health/ready.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace assay::observe {

// None: ready. Else why not, in a few words without secrets. Must not block.
using Probe = std::function<std::optional<std::string>()>;

struct ProbeOutcome {
  std::string name;
  std::optional<std::string> fault;
};

// Filled by assembly before the server runs; then immutable, and callable from any thread.
class Readiness {
public:
  void add(std::string name, Probe probe);
  std::vector<ProbeOutcome> ask() const;

private:
  struct Named {
    std::string name;
    Probe probe;
  };
  std::vector<Named> probes_;
};

} // namespace assay::observe
