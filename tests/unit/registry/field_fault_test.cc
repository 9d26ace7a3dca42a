#include "registry/field_fault.h"

#include <gtest/gtest.h>

namespace assay::registry {
namespace {

TEST(FieldFaults, BecomeOneLine) {
  EXPECT_EQ(to_text({{"scopes[0].name", "is bad"}, {"enabled", "must be true or false"}}),
            "scopes[0].name: is bad; enabled: must be true or false");
}

TEST(FieldFaults, OfTheRecordAsAWholeHaveNoField) {
  EXPECT_EQ(to_text({{"", "must be a JSON object"}}), "must be a JSON object");
}

} // namespace
} // namespace assay::registry
