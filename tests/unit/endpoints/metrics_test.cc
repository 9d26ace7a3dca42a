#include "endpoints/metrics.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

TEST(MetricsEndpoint, AnswersInTheTextFormatOfPrometheus) {
  observe::Metrics counters({"/api/oauth/token"});
  counters.count("token", "/api/oauth/token", observe::Outcome::granted, {},
                 std::chrono::microseconds(10));
  const auto response = metrics(counters);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(field_of(response, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(response.body.find("assay_decisions_total"), std::string::npos);
}

} // namespace
} // namespace assay::endpoints
