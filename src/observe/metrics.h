// Counters for Prometheus. Label sets are bounded: services, grants, outcomes and reasons come from
// closed tables; no client is named here.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "observe/usage.h"

namespace assay::observe {

// Thread-safe but for gauge(). count() costs a few atomic additions and one short lock.
class Metrics {
public:
  // The services that there are: others are counted as "other", and so are unknown events.
  explicit Metrics(const std::vector<std::string>& services);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // One decision: assay_decisions_total{event,service,outcome}, assay_refusals_total{event,reason}
  // and assay_decision_duration_seconds{event}.
  void count(std::string_view event, std::string_view service, Outcome outcome,
             std::optional<Reason> reason, std::chrono::microseconds duration);

  // assay_warnings_total{warning}: what was let pass for now. The names are constants.
  void count_warning(std::string_view warning);

  // A figure that is read when somebody asks; `read` must neither block nor throw. Before the
  // server runs only.
  void gauge(const std::string& name, const std::string& help, std::function<double()> read);

  // The text format, version 0.0.4.
  std::string text() const;

private:
  class Families;
  std::unique_ptr<Families> families_;
};

} // namespace assay::observe
