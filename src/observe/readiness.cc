#include "observe/readiness.h"

#include <utility>

namespace assay::observe {

void Readiness::add(std::string name, Probe probe) {
  probes_.push_back({std::move(name), std::move(probe)});
}

std::vector<ProbeOutcome> Readiness::ask() const {
  std::vector<ProbeOutcome> outcomes;
  outcomes.reserve(probes_.size());
  for (const Named& named : probes_)
    outcomes.push_back({named.name, named.probe()});
  return outcomes;
}

} // namespace assay::observe
