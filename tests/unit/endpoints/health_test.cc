#include "endpoints/health.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

TEST(Live, IsFineAsLongAsItAnswers) {
  EXPECT_EQ(live().status, 200U);
  EXPECT_EQ(members_of(live()).at("status"), "live");
}

TEST(Ready, IsFineWhenEveryProbeIs) {
  observe::Readiness readiness;
  readiness.add("tokens", [] { return std::nullopt; });
  readiness.add("audit", [] { return std::nullopt; });
  const auto response = ready(readiness);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, R"({"status":"ready","checks":{"tokens":"ok","audit":"ok"}})");
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
}

TEST(Ready, NamesTheProbeThatIsNot) {
  observe::Readiness readiness;
  readiness.add("tokens", [] { return std::optional<std::string>("does not answer"); });
  readiness.add("audit", [] { return std::nullopt; });
  const auto response = ready(readiness);
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(members_of(response).at("status"), "not ready");
  EXPECT_EQ(members_of(response).at("checks").at("tokens"), "does not answer");
  EXPECT_EQ(members_of(response).at("checks").at("audit"), "ok");
}

} // namespace
} // namespace assay::endpoints
