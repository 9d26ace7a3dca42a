// One decision of an OAuth endpoint: leaves one audit line, one metric and, at a monitored service,
// one usage count, however it ends.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/refusal.h"
#include "base/task.h"
#include "http/message.h"
#include "oauth/grant.h"
#include "oauth/token_service_settings.h"
#include "observe/audit_log.h"
#include "observe/metrics.h"
#include "observe/usage.h"

namespace assay::endpoints {

// Where decisions are written down. The parts outlive every request.
struct Books {
  Clock clock;
  observe::AuditLog& audit;
  observe::Metrics& metrics;
  observe::Usage& usage;
};

// What is decided on.
struct Matter {
  std::string event;   // "token", "introspection", "token_info"
  std::string service; // the token service's path, or empty
  oauth::MonitoringSettings monitoring{.enabled = false, .service_name = {}};
};

// Born when the request begins; when it dies without granted() or refused(), an exception ended the
// request and the outcome is `error`.
class Decision {
public:
  // Waits for a place in the audit log: what could not be written down is not decided. `books`,
  // `matter` and `request` outlive the decision.
  static Task<Decision> begin(const Books& books, const Matter& matter,
                              const http::Request& request);
  Decision(Decision&& other) noexcept;
  Decision& operator=(Decision&&) = delete;
  ~Decision();

  // Filled by whoever finds something out.
  oauth::GrantTrace& trace() { return trace_; }

  void asks_for(std::string_view grant_type);
  void notes(std::string detail);
  void granted();
  void refused(const Refusal& refusal);

private:
  Decision(const Books& books, const Matter& matter, observe::AuditLog::Place place,
           const http::Request& request);
  void write_down_trace();
  void count_usage() const;

  const Books* books_; // null once moved from
  const Matter* matter_;
  observe::AuditLog::Place place_;
  observe::AuditEntry entry_;
  oauth::GrantTrace trace_;
  std::chrono::steady_clock::time_point began_;
};

} // namespace assay::endpoints
