#include "server/config_service_rows.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace assay::server {
namespace {

TEST(ConfigServiceRows, AreOfTheServicesAlone) {
  const auto rows = token_service_rows();
  EXPECT_FALSE(rows.empty());
  EXPECT_TRUE(std::ranges::all_of(rows, &Setting::is_of_service));
}

} // namespace
} // namespace assay::server
