#include "observe/readiness.h"

#include <gtest/gtest.h>

namespace assay::observe {
namespace {

TEST(Readiness, AsksEveryProbeInTheOrderOfAdding) {
  std::optional<std::string> fault = "the disk is full";
  Readiness readiness;
  readiness.add("registry", [] { return std::nullopt; });
  readiness.add("audit", [&fault] { return fault; });

  auto outcomes = readiness.ask();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].name, "registry");
  EXPECT_EQ(outcomes[0].fault, std::nullopt);
  EXPECT_EQ(outcomes[1].name, "audit");
  EXPECT_EQ(outcomes[1].fault, "the disk is full");

  fault.reset();
  outcomes = readiness.ask();
  EXPECT_EQ(outcomes[1].fault, std::nullopt);
}

TEST(Readiness, IsReadyWithoutProbes) { EXPECT_TRUE(Readiness().ask().empty()); }

} // namespace
} // namespace assay::observe
