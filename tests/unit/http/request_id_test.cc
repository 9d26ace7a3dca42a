#include "http/request_id.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(RequestId, Is32LowerCaseHexadecimalDigits) {
  std::string id = "what was there before, longer than an id is";
  renew_request_id(id);
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(RequestId, IsNewEachTime) {
  std::set<std::string> ids;
  std::string id;
  for (int count = 0; count < 1000; ++count) {
    renew_request_id(id);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000U);
}

} // namespace
} // namespace assay::http
