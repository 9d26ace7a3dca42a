#include "oauth/audience_policy.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using Uris = std::vector<std::string>;

registry::Application with_ceiling(Uris resources) {
  registry::Application application = billing();
  application.resources = std::move(resources);
  return application;
}

struct Case {
  const char* name;
  Uris asked;
  Uris ceiling;
  Uris service_default;     // empty: the issuer, urn:us
  std::string_view granted; // or the reason's name
};

void PrintTo(const Case& given, std::ostream* out) { *out << given.name; }

std::string outcome_of(const Result<std::string>& result) {
  return result ? *result : std::string(name(result.error().reason));
}

class Audiences : public ::testing::TestWithParam<Case> {};

TEST_P(Audiences, AreGrantedByTheRule) {
  const Case& given = GetParam();
  EXPECT_EQ(outcome_of(grant_audience(given.asked, with_ceiling(given.ceiling),
                                      {"urn:us", given.service_default})),
            given.granted);
}

const Case kNothingAsked[] = {
    {"the_issuer", {}, {}, {}, "urn:us"},
    {"the_default_of_the_service", {}, {}, {"urn:b", "urn:a"}, "urn:b urn:a"},
    {"what_the_ceiling_allows_of_it", {}, {"urn:a", "urn:c"}, {"urn:b", "urn:a"}, "urn:a"},
    {"nothing_of_the_default", {}, {"urn:c"}, {"urn:b", "urn:a"}, "resource_not_allowed"},
    {"not_even_the_issuer", {}, {"urn:c"}, {}, "resource_not_allowed"},
};
INSTANTIATE_TEST_SUITE_P(NothingAsked, Audiences, ::testing::ValuesIn(kNothingAsked));

const Case kAsked[] = {
    {"within_the_default", {"urn:a"}, {}, {"urn:b", "urn:a"}, "urn:a"},
    {"the_issuer_by_name", {"urn:us"}, {}, {}, "urn:us"},
    {"the_issuer_where_it_is_not_the_default", {"urn:us"}, {}, {"urn:a"}, "resource_not_allowed"},
    {"in_the_order_asked", {"urn:c", "urn:a"}, {"urn:a", "urn:b", "urn:c"}, {}, "urn:c urn:a"},
    {"each_once", {"urn:a", "urn:b", "urn:a"}, {"urn:a", "urn:b"}, {}, "urn:a urn:b"},
    {"in_the_ceiling_beside_the_default", {"urn:c"}, {"urn:c"}, {"urn:a"}, "urn:c"},
    {"in_the_default_above_the_ceiling", {"urn:a"}, {"urn:c"}, {"urn:a"}, "resource_not_allowed"},
    {"one_of_two_not_allowed", {"urn:a", "urn:x"}, {"urn:a"}, {}, "resource_not_allowed"},
    {"by_its_characters_alone",
     {"https://API.example/"},
     {"https://api.example/"},
     {},
     "resource_not_allowed"},
};
INSTANTIATE_TEST_SUITE_P(Asked, Audiences, ::testing::ValuesIn(kAsked));

// RFC 8707 section 2: an absolute URI without a fragment.
const Case kForm[] = {
    {"a_path", {"/orders"}, {}, {}, "resource_malformed"},
    {"a_host", {"api.example"}, {}, {}, "resource_malformed"},
    {"a_fragment", {"urn:a#part"}, {"urn:a"}, {}, "resource_malformed"},
    {"an_empty_fragment", {"urn:a#"}, {"urn:a"}, {}, "resource_malformed"},
    {"two_in_one", {"urn:a urn:b"}, {"urn:a", "urn:b"}, {}, "resource_malformed"},
    {"a_query_is_part_of_it", {"urn:a?b=c"}, {"urn:a?b=c"}, {}, "urn:a?b=c"},
    {"beside_a_good_one", {"urn:a", "x"}, {"urn:a"}, {}, "resource_malformed"},
};
INSTANTIATE_TEST_SUITE_P(Form, Audiences, ::testing::ValuesIn(kForm));

TEST(AudiencePolicy, LimitsHowManyAreAskedFor) {
  const AudiencePolicy policy{"urn:us", {}};
  EXPECT_EQ(outcome_of(grant_audience(Uris(kResourcesAskedMax, "urn:us"), billing(), policy)),
            "urn:us");
  EXPECT_EQ(outcome_of(grant_audience(Uris(kResourcesAskedMax + 1, "urn:us"), billing(), policy)),
            "resource_malformed");
}

TEST(AudiencePolicy, SaysWhatWasAskedForAndWhatIsAllowed) {
  EXPECT_EQ(detail_of(grant_audience({"urn:x"}, with_ceiling({"urn:a", "urn:b"}), {"urn:us", {}})),
            "expected within urn:a urn:b; found urn:x");
}

std::string refreshed(const Uris& asked, std::string_view once, Uris ceiling = {},
                      Uris service_default = {"urn:a", "urn:b"}) {
  return outcome_of(refresh_audience(asked, once, with_ceiling(std::move(ceiling)),
                                     {"urn:us", std::move(service_default)}));
}

TEST(RefreshAudience, IsThatOfTheGrantUnlessLessIsAskedFor) {
  EXPECT_EQ(refreshed({}, "urn:b urn:a"), "urn:b urn:a");
  EXPECT_EQ(refreshed({"urn:a"}, "urn:b urn:a"), "urn:a");
  EXPECT_EQ(refreshed({}, "urn:us", {}, {}), "urn:us");
}

TEST(RefreshAudience, IsNeverMoreThanWasGranted) {
  EXPECT_EQ(refreshed({"urn:b"}, "urn:a"), "resource_not_allowed");
  EXPECT_EQ(refreshed({"urn:c"}, "urn:a", {"urn:a", "urn:c"}), "resource_not_allowed");
  EXPECT_EQ(refreshed({"b"}, "urn:a"), "resource_malformed");
}

TEST(RefreshAudience, IsWhatTheCeilingStillAllows) {
  EXPECT_EQ(refreshed({}, "urn:a urn:b", {"urn:b", "urn:c"}), "urn:b");
  EXPECT_EQ(refreshed({}, "urn:a urn:b", {"urn:c"}), "resource_not_allowed");
  EXPECT_EQ(refreshed({"urn:a"}, "urn:a urn:b", {"urn:b"}), "resource_not_allowed");
  EXPECT_EQ(refreshed({}, "urn:a urn:gone"), "urn:a");
  EXPECT_EQ(refreshed({}, "urn:gone"), "resource_not_allowed");
}

TEST(AudiencePolicy, NotesAnAudienceThatIsNotTheIssuerAlone) {
  EXPECT_EQ(worth_noting("urn:us", {"urn:us", {}}), "");
  EXPECT_EQ(worth_noting("urn:us urn:a", {"urn:us", {}}), "urn:us urn:a");
}

} // namespace
} // namespace assay::oauth
