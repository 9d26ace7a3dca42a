#include "http/message.h"

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(Request, FindsTheFirstFieldWhateverItsLetterCase) {
  Request request;
  request.fields = {{"accept", "a"}, {"ACCEPT", "b"}, {"Empty", ""}};
  EXPECT_EQ(request.field("Accept"), "a");
  EXPECT_EQ(request.field("empty"), "");
  EXPECT_FALSE(request.field("Host"));
}

TEST(Request, CountsTheFieldsOfOneName) {
  Request request;
  request.fields = {{"Authorization", "a"}, {"authorization", "b"}, {"Host", "c"}};
  EXPECT_EQ(request.field_count("AUTHORIZATION"), 2U);
  EXPECT_EQ(request.field_count("Accept"), 0U);
}

TEST(JsonResponse, SaysThatItIsJson) {
  const Response response = json_response(201, "{}");
  EXPECT_EQ(response.status, 201U);
  EXPECT_EQ(response.body, "{}");
  ASSERT_EQ(response.fields.size(), 1U);
  EXPECT_EQ(response.fields[0].name, "Content-Type");
  EXPECT_EQ(response.fields[0].value, "application/json");
}

} // namespace
} // namespace assay::http
