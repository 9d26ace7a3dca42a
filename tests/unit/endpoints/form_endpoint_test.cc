#include "endpoints/form_endpoint.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

const Matter kMatter{.event = "token", .service = "/api/oauth/token"};

http::Response answer_to(Office& office, const http::Request& request,
                         Result<json::object> outcome) {
  return testing::result_of(
      answer_form(office.books(), kMatter, request,
                  [outcome](oauth::Parameters, Decision&) -> Task<Result<json::object>> {
                    co_return outcome;
                  }));
}

TEST(AnswerForm, AnswersWithTheMembersInTheFormatAskedFor) {
  Office office;
  const auto response = answer_to(office, form("format=urlencoded"), json::object{{"a", "b"}});
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "a=b");
  EXPECT_EQ(office.last_audit_line().at("outcome"), "granted");
}

TEST(AnswerForm, AnswersWithTheRefusalInTheFormatAskedFor) {
  Office office;
  const auto response =
      answer_to(office, form("format=urlencoded"), refuse(Reason::grant_type_unsupported));
  EXPECT_EQ(response.status, 400U);
  EXPECT_TRUE(response.body.starts_with("error=unsupported_grant_type&"));
  EXPECT_EQ(office.last_audit_line().at("reason"), "grant_type_unsupported");
}

TEST(AnswerForm, DecidesNothingOnAFormThatIsRefused) {
  Office office;
  bool decided = false;
  const http::Request request = form("a=1&a=2");
  const auto response = testing::result_of(
      answer_form(office.books(), kMatter, request,
                  [&](oauth::Parameters, Decision&) -> Task<Result<json::object>> {
                    decided = true;
                    co_return json::object{};
                  }));
  EXPECT_FALSE(decided);
  EXPECT_EQ(members_of(response).at("error"), "invalid_request");
  EXPECT_EQ(office.last_audit_line().at("reason"), "parameter_repeated");
}

TEST(AnswerForm, KeepsTheDetailOfARefusalForTheAuditLog) {
  Office office;
  const auto response = answer_to(office, form(""), refuse(Reason::expired, "found yesterday"));
  expect_error(response, 400, "invalid_grant");
  EXPECT_FALSE(response.body.contains("yesterday"));
  EXPECT_EQ(office.last_audit_line().at("detail"), "found yesterday");
}

} // namespace
} // namespace assay::endpoints
