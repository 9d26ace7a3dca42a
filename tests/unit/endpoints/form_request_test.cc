#include "endpoints/form_request.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

Reason reason_of(const http::Request& request) {
  const FormRequest read = read_form_request(request);
  if (!read.parameters) return read.parameters.error().reason;
  ADD_FAILURE() << "nothing was refused";
  return Reason::form_malformed;
}

TEST(ReadFormRequest, GivesTheParametersAndTheFormat) {
  const FormRequest read = read_form_request(form("format=xml&scope=a+b&empty="));
  ASSERT_TRUE(read.parameters);
  EXPECT_EQ(read.format, AnswerFormat::xml);
  EXPECT_EQ(read.parameters->find("scope"), "a b");
  EXPECT_FALSE(read.parameters->has("empty"));
}

TEST(ReadFormRequest, AnswersInJsonUnlessAnotherFormatIsAskedFor) {
  EXPECT_EQ(read_form_request(form("")).format, AnswerFormat::json);
  EXPECT_EQ(read_form_request(form("format=")).format, AnswerFormat::json);
}

TEST(ReadFormRequest, RefusesAFormatThatItDoesNotKnow) {
  EXPECT_EQ(reason_of(form("format=query")), Reason::format_unknown);
  EXPECT_EQ(read_form_request(form("format=query")).format, AnswerFormat::json);
}

TEST(ReadFormRequest, RefusesAnotherContentType) {
  http::Request request = form("{}");
  request.fields[0].value = "application/json";
  EXPECT_EQ(reason_of(request), Reason::content_type_unsupported);
  request.fields.clear();
  EXPECT_EQ(reason_of(request), Reason::content_type_unsupported);
}

TEST(ReadFormRequest, RefusesWhatIsNoForm) {
  EXPECT_EQ(reason_of(form("a=%zz")), Reason::form_malformed);
}

// RFC 6749 section 3.2: two readers could see two requests in it.
TEST(ReadFormRequest, RefusesAParameterThatIsRepeated) {
  EXPECT_EQ(reason_of(form("scope=a&scope=a")), Reason::parameter_repeated);
  EXPECT_EQ(reason_of(form("unknown=a&unknown=")), Reason::parameter_repeated);
}

TEST(ReadFormRequest, LetsRepeatWhatTheEndpointNames) {
  const http::Request request = form("resource=a&resource=b");
  EXPECT_TRUE(read_form_request(request, oauth::kRepeatableAtTokenEndpoint).parameters);
  EXPECT_EQ(reason_of(request), Reason::parameter_repeated);
}

TEST(ReadFormRequest, AnswersInJsonWhenTheFormatItselfIsRepeated) {
  const FormRequest read = read_form_request(form("format=xml&format=json"));
  EXPECT_EQ(read.format, AnswerFormat::json);
  EXPECT_EQ(reason_of(form("format=xml&format=json")), Reason::parameter_repeated);
}

TEST(ReadFormRequest, KeepsTheFormatOfARequestThatIsRefusedOtherwise) {
  EXPECT_EQ(read_form_request(form("format=xml&a=1&a=2")).format, AnswerFormat::xml);
}

TEST(AuthorizationOf, GivesTheOneHeader) {
  http::Request request = form("");
  EXPECT_EQ(authorization_of(request).value(), std::nullopt);
  request.fields.push_back({"authorization", "Basic abc"});
  EXPECT_EQ(authorization_of(request).value(), "Basic abc");
}

TEST(AuthorizationOf, RefusesTwoOfThem) {
  http::Request request = form("");
  request.fields.push_back({"Authorization", "Basic abc"});
  request.fields.push_back({"authorization", "Basic abc"});
  const auto authorization = authorization_of(request);
  ASSERT_FALSE(authorization);
  EXPECT_EQ(authorization.error().reason, Reason::client_authentication_repeated);
}

// RFC 6749 section 2.3.1: credentials must not stand in the URI, where logs keep them.
TEST(ReadFormRequest, TakesNothingFromTheQuery) {
  http::Request request = form("");
  request.query = "client_id=billing&format=xml";
  const FormRequest read = read_form_request(request);
  ASSERT_TRUE(read.parameters);
  EXPECT_FALSE(read.parameters->has("client_id"));
  EXPECT_EQ(read.format, AnswerFormat::json);
}

} // namespace
} // namespace assay::endpoints
