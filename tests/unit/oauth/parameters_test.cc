#include "oauth/parameters.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(Parameters, FindWhatWasSent) {
  const auto parameters = Parameters::make({{"scope", "a b"}, {"format", "xml"}});
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->find("format"), "xml");
  EXPECT_EQ(parameters->find("Format"), std::nullopt);
  EXPECT_TRUE(parameters->has("scope"));
  EXPECT_FALSE(parameters->has("assertion"));
}

// RFC 6749 section 3.2: parameters sent without a value are treated as if they were omitted.
TEST(Parameters, TakeOneWithoutAValueAsAbsent) {
  const auto parameters = Parameters::make({{"scope", ""}});
  ASSERT_TRUE(parameters);
  EXPECT_FALSE(parameters->has("scope"));
  EXPECT_EQ(reason_of(parameters->require("scope")), Reason::parameter_missing);
}

TEST(Parameters, RefuseWhatWasSentTwice) {
  for (const char* second : {"one", "another", ""})
    EXPECT_EQ(reason_of(Parameters::make({{"scope", "one"}, {"scope", second}})),
              Reason::parameter_repeated)
        << second;
}

TEST(Parameters, RefuseAnUnknownNameThatWasSentTwice) {
  const auto parameters = Parameters::make({{"magic", "1"}, {"scope", "a"}, {"magic", "2"}});
  EXPECT_EQ(reason_of(parameters), Reason::parameter_repeated);
  EXPECT_EQ(detail_of(parameters), "magic");
}

TEST(Parameters, TakeWhatMayRepeatInTheOrderInWhichItWasSent) {
  const auto parameters = Parameters::make(
      {{"resource", "b"}, {"scope", "s"}, {"resource", ""}, {"resource", "a"}, {"resource", "b"}},
      kRepeatableAtTokenEndpoint);
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->find_all("resource"), (std::vector<std::string>{"b", "a", "b"}));
  EXPECT_TRUE(parameters->find_all("audience").empty());
}

TEST(Parameters, RefuseAllOthersThatWereSentTwiceBesideIt) {
  EXPECT_EQ(reason_of(Parameters::make({{"scope", "a"}, {"resource", "r"}, {"scope", "a"}},
                                       kRepeatableAtTokenEndpoint)),
            Reason::parameter_repeated);
  EXPECT_EQ(reason_of(Parameters::make({{"resource", "r"}, {"resource", "r"}})),
            Reason::parameter_repeated);
}

// A form of `assertion&assertion` has the text itself for a name.
TEST(Parameters, NeverQuoteAnAssertionThatStandsInTheNamesPlace) {
  const std::string text = assertion_by_billing();
  const auto parameters = Parameters::make({{text, ""}, {text, ""}});
  EXPECT_EQ(reason_of(parameters), Reason::parameter_repeated);
  EXPECT_FALSE(detail_of(parameters).contains(text.substr(0, 10)));
}

TEST(Parameters, SayWhichOneIsMissing) {
  const auto parameters = Parameters::make({});
  EXPECT_EQ(reason_of(parameters->require("assertion")), Reason::parameter_missing);
  EXPECT_EQ(detail_of(parameters->require("assertion")), "assertion");
}

TEST(Parameters, KeepTheirViewsWhenTheyAreMoved) {
  auto parameters = Parameters::make({{"a", "x"}});
  const std::string_view view = *parameters->find("a");
  const Parameters moved = std::move(*parameters);
  EXPECT_EQ(view.data(), moved.find("a")->data());
}

} // namespace
} // namespace assay::oauth
