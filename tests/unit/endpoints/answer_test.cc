#include "endpoints/answer.h"

#include <gtest/gtest.h>

#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

const json::object kMembers{{"access_token", "a+b&c<d>"}, {"expires_in", 3600}};

TEST(Answer, IsJsonWithItsMembersInTheirOrder) {
  const auto response = answer(AnswerFormat::json, 200, kMembers);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(field_of(response, "Content-Type"), "application/json");
  EXPECT_EQ(response.body, R"({"access_token":"a+b&c<d>","expires_in":3600})");
}

TEST(Answer, IsAFormWithItsValuesEscaped) {
  const auto response = answer(AnswerFormat::urlencoded, 200, kMembers);
  EXPECT_EQ(field_of(response, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(response.body, "access_token=a%2Bb%26c%3Cd%3E&expires_in=3600");
}

TEST(Answer, IsXmlWithAnElementAMember) {
  const auto response = answer(AnswerFormat::xml, 200, kMembers);
  EXPECT_EQ(field_of(response, "Content-Type"), "application/xml;charset=UTF-8");
  EXPECT_NE(response.body.find("<oauth><access_token>a+b&amp;c&lt;d&gt;</access_token>"
                               "<expires_in>3600</expires_in></oauth>"),
            std::string::npos)
      << response.body;
}

// XML has no way to write most control characters: as they are, no parser would take the answer.
TEST(Answer, HasNoCharacterThatXmlCannotHave) {
  const json::object members{{"scope", std::string("a\x01z", 3)}};
  const auto response = answer(AnswerFormat::xml, 200, members);
  EXPECT_NE(response.body.find("<scope>a\uFFFDz</scope>"), std::string::npos) << response.body;
}

// RFC 6749 section 5.1.
TEST(Answer, IsNeverToBeKept) {
  for (const AnswerFormat format :
       {AnswerFormat::json, AnswerFormat::urlencoded, AnswerFormat::xml}) {
    EXPECT_EQ(field_of(answer(format, 200, kMembers), "Cache-Control"), "no-store");
    EXPECT_EQ(field_of(answer(format, 200, kMembers), "Pragma"), "no-cache");
  }
}

TEST(AnswerFormatNamed, KnowsThreeNamesAndTheirExactSpelling) {
  EXPECT_EQ(answer_format_named("json"), AnswerFormat::json);
  EXPECT_EQ(answer_format_named("urlencoded"), AnswerFormat::urlencoded);
  EXPECT_EQ(answer_format_named("xml"), AnswerFormat::xml);
  for (const char* unknown : {"", "JSON", "query", "xml "})
    EXPECT_EQ(answer_format_named(unknown), std::nullopt) << unknown;
}

TEST(ErrorAnswer, HasTheCodeAndASentenceInTheShapeThatWasAskedFor) {
  const auto response = error_answer(AnswerFormat::json, Reason::expired);
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_grant");
  EXPECT_TRUE(members_of(response).at("error_description").is_string());
  EXPECT_EQ(field_of(response, "WWW-Authenticate"), "absent");
  EXPECT_TRUE(error_answer(AnswerFormat::urlencoded, Reason::expired)
                  .body.starts_with("error=invalid_grant&error_description="));
}

// RFC 9110 section 15.5.2 wants it of every 401.
TEST(ErrorAnswer, NamesASchemeWhereAuthenticationFailed) {
  const auto response = error_answer(AnswerFormat::json, Reason::client_secret_wrong);
  EXPECT_EQ(response.status, 401U);
  EXPECT_TRUE(field_of(response, "WWW-Authenticate").starts_with("Basic "));
}

TEST(Answer, WritesAListWithSpacesBetween) {
  const json::object members{{"aud", json::array{"urn:a", "urn:b"}}, {"active", true}};
  EXPECT_TRUE(answer(AnswerFormat::xml, 200, members)
                  .body.contains("<aud>urn:a urn:b</aud><active>true</active>"));
  EXPECT_EQ(answer(AnswerFormat::urlencoded, 200, members).body,
            "aud=urn%3Aa%20urn%3Ab&active=true");
}

TEST(ErrorAnswer, NamesASchemeWithNoOtherStatus) {
  for (std::size_t each = 0; each < kReasonCount; ++each) {
    const auto response = error_answer(AnswerFormat::json, static_cast<Reason>(each));
    EXPECT_EQ(field_of(response, "WWW-Authenticate") != "absent", response.status == 401)
        << name(static_cast<Reason>(each));
  }
}

} // namespace
} // namespace assay::endpoints
