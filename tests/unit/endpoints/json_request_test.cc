#include "endpoints/json_request.h"

#include <gtest/gtest.h>

namespace assay::endpoints {
namespace {

Result<json::object> read(std::string_view content_type, std::string body) {
  http::Request request;
  if (!content_type.empty()) request.fields.push_back({"Content-Type", std::string(content_type)});
  request.body = std::move(body);
  return read_json_request(request);
}

Reason reason(const Result<json::object>& result) {
  EXPECT_FALSE(result);
  return result ? Reason::body_too_large : result.error().reason;
}

TEST(JsonRequest, GivesTheMembers) {
  for (const char* type : {"application/json", "Application/JSON ; charset=utf-8",
                           "application/json; charset=\"UTF-8\"", "application/json; profile=x"})
    EXPECT_EQ(read(type, R"({"a": 1})")->at("a"), 1) << type;
}

TEST(JsonRequest, IsRefusedForAnotherType) {
  for (const char* type : {"", "text/json", "application/x-www-form-urlencoded",
                           "application/json; charset=utf-16", "application/jsonp"})
    EXPECT_EQ(reason(read(type, "{}")), Reason::registration_body_malformed) << type;
}

TEST(JsonRequest, IsRefusedForTwoTypes) {
  http::Request request;
  request.fields = {{"Content-Type", "application/json"}, {"Content-Type", "application/json"}};
  request.body = "{}";
  EXPECT_EQ(reason(read_json_request(request)), Reason::registration_body_malformed);
}

TEST(JsonRequest, IsRefusedUnlessItIsOneObject) {
  for (const char* body : {"", "[]", "7", "{", "{} {}", R"({"a": 1, "a": 2})", "{\"a\": \"\xFF\"}"})
    EXPECT_EQ(reason(read("application/json", body)), Reason::registration_body_malformed) << body;
  const std::string deep = std::string(R"({"a":)") + std::string(40, '[') + std::string(40, ']');
  EXPECT_EQ(reason(read("application/json", deep + "}")), Reason::registration_body_malformed);
}

TEST(JsonRequest, IsNotQuotedInTheDetail) {
  const auto refused = read("application/json", R"({"client_secret": "hush", })");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail.find("hush"), std::string::npos);
}

} // namespace
} // namespace assay::endpoints
