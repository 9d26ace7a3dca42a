#include "endpoints/health.h"

#include <algorithm>

#include "base/strict_json.h"

namespace assay::endpoints {

namespace {

http::Response uncached(unsigned status, const json::object& members) {
  http::Response response = http::json_response(status, json::serialize(members));
  response.with("Cache-Control", "no-store");
  return response;
}

} // namespace

http::Response live() { return uncached(200, {{"status", "live"}}); }

http::Response ready(const observe::Readiness& readiness) {
  const auto outcomes = readiness.ask();
  const bool all = std::ranges::none_of(
      outcomes, [](const observe::ProbeOutcome& outcome) { return outcome.fault.has_value(); });

  json::object checks;
  for (const observe::ProbeOutcome& outcome : outcomes)
    checks.emplace(outcome.name, outcome.fault ? *outcome.fault : "ok");
  return uncached(all ? 200 : 503,
                  {{"status", all ? "ready" : "not ready"}, {"checks", std::move(checks)}});
}

} // namespace assay::endpoints
