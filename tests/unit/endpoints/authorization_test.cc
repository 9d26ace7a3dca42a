#include "endpoints/authorization.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

TEST(Authorization, IsNotToBeHad) {
  expect_error(no_authorization(), 400, "unsupported_response_type");
}

} // namespace
} // namespace assay::endpoints
