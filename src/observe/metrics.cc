#include "observe/metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <sstream>
#include <utility>

#include <prometheus/check_names.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "base/assert.h"

namespace assay::observe {

namespace {

// The last one stands for what is in no table.
constexpr std::string_view kOther = "other";
constexpr std::array<std::string_view, 6> kEvents = {"token",      "introspection", "revocation",
                                                     "token_info", "check",         kOther};
constexpr std::array kOutcomes = {Outcome::granted, Outcome::refused, Outcome::error};

// From a decision in memory to one that waited for a commit on a slow disk.
constexpr std::array kSecondsBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                       0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0};

std::size_t index_of(std::string_view event) {
  const auto found = std::ranges::find(kEvents, event);
  const auto last = kEvents.end() - 1;
  return static_cast<std::size_t>(std::min(found, last) - kEvents.begin());
}

struct Gauge {
  std::string name;
  std::string help;
  std::function<double()> read;
};

prometheus::MetricFamily family_of(const Gauge& gauge) {
  prometheus::ClientMetric metric;
  metric.gauge.value = gauge.read();
  return {gauge.name, gauge.help, prometheus::MetricType::Gauge, {std::move(metric)}};
}

} // namespace

// Every combination of labels is made at once: a counter that is there from the start, at zero,
// lets an alert see its first step; and counting looks nothing up under a lock.
class Metrics::Families {
public:
  explicit Families(const std::vector<std::string>& services);

  void count(std::size_t event, std::string_view service, Outcome outcome) {
    const auto found = services_.find(service);
    const std::size_t index = found == services_.end() ? kOtherService : found->second;
    by_event_[event].decisions[index][static_cast<std::size_t>(outcome)]->Increment();
  }

  void count_refusal(std::size_t event, Reason reason) {
    by_event_[event].refusals[static_cast<std::size_t>(reason)]->Increment();
  }

  void observe(std::size_t event, std::chrono::microseconds duration) {
    by_event_[event].seconds->Observe(std::chrono::duration<double>(duration).count());
  }

  // So rare that it may be looked up.
  void count_warning(std::string_view warning) {
    warnings_.Add({{"warning", std::string(warning)}}).Increment();
  }

  void add(Gauge gauge) { gauges_.push_back(std::move(gauge)); }

  std::vector<prometheus::MetricFamily> collect() const {
    std::vector<prometheus::MetricFamily> families = registry_.Collect();
    for (const Gauge& gauge : gauges_)
      families.push_back(family_of(gauge));
    return families;
  }

private:
  static constexpr std::size_t kOtherService = 0;

  void make_decisions();
  void make_refusals();
  void make_durations();

  struct Event {
    std::vector<std::array<prometheus::Counter*, kOutcomes.size()>> decisions; // by service
    std::array<prometheus::Counter*, kReasonCount> refusals{};
    prometheus::Histogram* seconds = nullptr;
  };

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& warnings_;
  std::map<std::string, std::size_t, std::less<>> services_; // their places in `decisions`
  std::array<Event, kEvents.size()> by_event_;
  std::vector<Gauge> gauges_;
};

Metrics::Families::Families(const std::vector<std::string>& services)
    : warnings_(prometheus::BuildCounter()
                    .Name("assay_warnings_total")
                    .Help("What was let pass for now.")
                    .Register(registry_)) {
  services_.emplace(kOther, kOtherService);
  for (const std::string& service : services)
    services_.try_emplace(service, services_.size());
  make_decisions();
  make_refusals();
  make_durations();
}

void Metrics::Families::make_decisions() {
  auto& family = prometheus::BuildCounter()
                     .Name("assay_decisions_total")
                     .Help("Decisions, by what was asked, the service and the outcome.")
                     .Register(registry_);
  const auto counter = [&family](std::string_view event, const std::string& service,
                                 Outcome outcome) {
    return &family.Add({{"event", std::string(event)},
                        {"service", service},
                        {"outcome", std::string(name(outcome))}});
  };
  for (std::size_t event = 0; event < kEvents.size(); ++event) {
    auto& decisions = by_event_[event].decisions;
    decisions.resize(services_.size());
    for (const auto& [service, index] : services_)
      for (const Outcome outcome : kOutcomes)
        decisions[index][static_cast<std::size_t>(outcome)] =
            counter(kEvents[event], service, outcome);
  }
}

void Metrics::Families::make_refusals() {
  auto& family = prometheus::BuildCounter()
                     .Name("assay_refusals_total")
                     .Help("Refusals, by what was asked and the check that refused.")
                     .Register(registry_);
  for (std::size_t event = 0; event < kEvents.size(); ++event) {
    for (std::size_t reason = 0; reason < kReasonCount; ++reason) {
      by_event_[event].refusals[reason] =
          &family.Add({{"event", std::string(kEvents[event])},
                       {"reason", std::string(name(static_cast<Reason>(reason)))}});
    }
  }
}

void Metrics::Families::make_durations() {
  const prometheus::Histogram::BucketBoundaries bounds(kSecondsBounds.begin(),
                                                       kSecondsBounds.end());
  auto& family = prometheus::BuildHistogram()
                     .Name("assay_decision_duration_seconds")
                     .Help("From the request's last byte to its answer, by what was asked.")
                     .Register(registry_);
  for (std::size_t event = 0; event < kEvents.size(); ++event) {
    by_event_[event].seconds = &family.Add({{"event", std::string(kEvents[event])}}, bounds);
  }
}

Metrics::Metrics(const std::vector<std::string>& services)
    : families_(std::make_unique<Families>(services)) {}

Metrics::~Metrics() = default;

void Metrics::count(std::string_view event, std::string_view service, Outcome outcome,
                    std::optional<Reason> reason, std::chrono::microseconds duration) {
  const std::size_t index = index_of(event);
  families_->count(index, service, outcome);
  if (reason) families_->count_refusal(index, *reason);
  families_->observe(index, duration);
}

void Metrics::count_warning(std::string_view warning) { families_->count_warning(warning); }

void Metrics::gauge(const std::string& name, const std::string& help,
                    std::function<double()> read) {
  ASSAY_ASSERT(prometheus::CheckMetricName(name), "a name that Prometheus takes");
  families_->add({name, help, std::move(read)});
}

std::string Metrics::text() const {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families_->collect());
  return std::move(text).str();
}

} // namespace assay::observe
