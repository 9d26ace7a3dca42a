#include "endpoints/authorization.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

TEST(Authorization, IsNotToBeHad) {
  const http::Response response = no_authorization();
  expect_error(response, 400, "unsupported_response_type");
  EXPECT_EQ(field_of(response, "Location"), "absent"); // no request can send anybody anywhere
}

} // namespace
} // namespace assay::endpoints
