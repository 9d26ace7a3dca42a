#include "registry/application.h"

#include <string>

#include <gtest/gtest.h>

namespace assay::registry {
namespace {

TEST(Application, SpeaksForItselfAndItsSubjects) {
  Application application;
  application.id = "billing";
  application.subjects = {"batch"};
  EXPECT_TRUE(application.may_speak_for("billing"));
  EXPECT_TRUE(application.may_speak_for("batch"));
  EXPECT_FALSE(application.may_speak_for("shipping"));
  EXPECT_FALSE(application.may_speak_for(""));
}

TEST(Application, MayUseTheAssertionGrantAloneUnlessToldOtherwise) {
  EXPECT_TRUE(Application{}.may_use(GrantType::jwt_bearer));
  EXPECT_FALSE(Application{}.may_use(GrantType::refresh_token));
  EXPECT_FALSE(Application{}.may_use(GrantType::client_credentials));
  Application none;
  none.grants.clear();
  EXPECT_FALSE(none.may_use(GrantType::jwt_bearer));
}

TEST(Application, AllowsEveryAlgorithmUnlessItNarrowsThem) {
  EXPECT_TRUE(Application{}.allows(jose::Algorithm::rs256));
  Application narrow;
  narrow.algorithms = {jose::Algorithm::es256};
  EXPECT_TRUE(narrow.allows(jose::Algorithm::es256));
  EXPECT_FALSE(narrow.allows(jose::Algorithm::rs256));
}

TEST(GrantType, IsFoundByItsName) {
  for (const GrantType grant : kGrantTypes)
    EXPECT_EQ(grant_type_named(name(grant)), grant);
  EXPECT_EQ(name(GrantType::jwt_bearer), "jwt-bearer");
  EXPECT_FALSE(grant_type_named("JWT-bearer"));
  EXPECT_FALSE(grant_type_named("password"));
}

TEST(ClientId, IsPrintableAsciiThatNeedsNoQuoting) {
  EXPECT_TRUE(is_client_id("billing"));
  EXPECT_TRUE(is_client_id("https://billing.example/~x!$&'()*+,;=:@"));
  EXPECT_TRUE(is_client_id(std::string(128, 'x')));
  for (const std::string& bad :
       {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\"b"),
        std::string("a\\b"), std::string("a\nb"), std::string("\x7F"), std::string("caf\xC3\xA9"),
        std::string("a\0b", 3), std::string("."), std::string("..")})
    EXPECT_FALSE(is_client_id(bad)) << bad;
}

} // namespace
} // namespace assay::registry
