#include "oauth/scope_policy.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using Text = std::optional<std::string_view>;

registry::Application with_scopes() {
  registry::Application application = billing();
  application.scopes = {{"read", true}, {"write", false}, {"list", true}, {"admin", false}};
  return application;
}

Result<std::string> granted(Text parameter, Text claim = {}, ScopePolicy policy = {}) {
  return grant_scopes({parameter, claim}, with_scopes(), policy);
}

struct Case {
  const char* name;
  Text parameter;
  Text claim;
  ScopePolicy policy;
  std::string_view granted; // or the reason's name
};

void PrintTo(const Case& given, std::ostream* out) { *out << given.name; }

class Scopes : public ::testing::TestWithParam<Case> {};

TEST_P(Scopes, AreGrantedByTheRule) {
  const Case& given = GetParam();
  const auto outcome = granted(given.parameter, given.claim, given.policy);
  EXPECT_EQ(outcome ? *outcome : name(outcome.error().reason), given.granted);
}

constexpr ScopePolicy kAny{};
constexpr ScopePolicy kAll{.match = ScopeMatch::all};
constexpr ScopePolicy kOff{.validate = false};

constexpr Case kAsked[] = {
    {"the_parameter", "write", {}, kAny, "write"},
    {"the_claim_without_it", {}, "write", kAny, "write"},
    {"the_parameter_within_the_claim", "write", "admin write", kAny, "write"},
    {"the_parameter_equal_to_the_claim", "write admin", "admin write", kAny, "write admin"},
    {"the_parameter_beyond_the_claim", "write read", "write", kAny, "scope_exceeds_assertion"},
    {"the_parameter_beside_the_claim", "read", "write", kAny, "scope_exceeds_assertion"},
    {"an_empty_claim_counts_as_absent", "write", "", kAny, "write"},
    {"an_empty_parameter_counts_as_absent", "", "write", kAny, "write"},
    {"both_empty", "", "", kAny, "read list"},
};
INSTANTIATE_TEST_SUITE_P(Asked, Scopes, ::testing::ValuesIn(kAsked));

constexpr Case kMatch[] = {
    {"any_grants_what_is_in_common", "write delete read", {}, kAny, "write read"},
    {"any_refuses_nothing_in_common", "delete drop", {}, kAny, "scope_not_allowed"},
    {"all_grants_when_all_are_registered", "write read", {}, kAll, "write read"},
    {"all_refuses_when_one_is_not", "write delete", {}, kAll, "scope_not_allowed"},
    {"all_looks_at_the_claim_too", {}, "write delete", kAll, "scope_not_allowed"},
    {"off_grants_whatever_is_asked", "write delete", {}, kOff, "write delete"},
    {"off_still_keeps_within_the_claim", "delete", "write", kOff, "scope_exceeds_assertion"},
};
INSTANTIATE_TEST_SUITE_P(Match, Scopes, ::testing::ValuesIn(kMatch));

// Never everything, whatever the policy.
constexpr Case kNothingAsked[] = {
    {"any", {}, {}, kAny, "read list"},
    {"all", {}, {}, kAll, "read list"},
    {"off", {}, {}, kOff, "read list"},
};
INSTANTIATE_TEST_SUITE_P(NothingAsked, Scopes, ::testing::ValuesIn(kNothingAsked));

// RFC 6749 section 3.3: a space, and nothing else, stands between scopes.
constexpr Case kForm[] = {
    {"a_plus_is_part_of_a_name", "read+write", {}, kAny, "scope_not_allowed"},
    {"a_comma_is_part_of_a_name", "read,write", {}, kAny, "scope_not_allowed"},
    {"a_tab_is_none", "read\twrite", {}, kAny, "scope_malformed"},
    {"a_line_end_is_none", "read\n", {}, kAny, "scope_malformed"},
    {"a_quote_is_none", "read \"write\"", {}, kAny, "scope_malformed"},
    {"a_backslash_is_none", "re\\ad", {}, kAny, "scope_malformed"},
    {"beyond_ascii_is_none", "lesen schreiben l\xC3\xB6schen", {}, kAny, "scope_malformed"},
    {"with_validation_off_too", "\x7F", {}, kOff, "scope_malformed"},
    {"in_the_claim_too", "read", "read \"", kAny, "scope_malformed"},
    {"case_counts", "Read", {}, kAny, "scope_not_allowed"},
    {"twice_is_once", "read write read", {}, kAll, "read write"},
    {"spaces_to_spare_are_ignored", "  read   write ", {}, kAll, "read write"},
};
INSTANTIATE_TEST_SUITE_P(Form, Scopes, ::testing::ValuesIn(kForm));

TEST(ScopePolicy, GrantsNoScopeToAnApplicationWithoutDefaults) {
  registry::Application application = billing();
  application.scopes = {{"admin", false}};
  EXPECT_EQ(grant_scopes({}, application, {}), "");
}

TEST(ScopePolicy, LimitsHowManyAreAskedFor) {
  std::string asked;
  for (std::size_t each = 0; each < kScopesAskedMax; ++each)
    asked += "s" + std::to_string(each) + " ";
  EXPECT_TRUE(granted(asked, {}, kOff));
  EXPECT_EQ(reason_of(granted(asked + "more", {}, kOff)), Reason::scope_malformed);
}

TEST(ScopePolicy, LimitsHowLongOneIs) {
  EXPECT_TRUE(granted(std::string(128, 's'), {}, kOff));
  EXPECT_EQ(reason_of(granted(std::string(129, 's'), {}, kOff)), Reason::scope_malformed);
}

TEST(ScopePolicy, SaysWhatWasAskedForAndWhatOfItIsRegistered) {
  EXPECT_EQ(detail_of(granted("write delete", {}, kAll)),
            "expected all of the registered scopes; found write delete, of which 1 registered");
}

Result<std::string> refreshed(Text asked, std::string_view once, ScopePolicy policy = {}) {
  return refresh_scopes(asked, once, with_scopes(), policy);
}

TEST(RefreshScopes, AreThoseOfTheGrantUnlessFewerAreAskedFor) {
  EXPECT_EQ(*refreshed({}, "read write"), "read write");
  EXPECT_EQ(*refreshed("", "read write"), "read write");
  EXPECT_EQ(*refreshed("write", "read write"), "write");
  EXPECT_EQ(*refreshed({}, ""), "");
}

TEST(RefreshScopes, AreNeverMoreThanWereGranted) {
  EXPECT_EQ(reason_of(refreshed("read list", "read write")), Reason::scope_exceeds_grant);
  EXPECT_EQ(reason_of(refreshed("read", "")), Reason::scope_exceeds_grant);
  EXPECT_EQ(reason_of(refreshed("read", "", {.validate = false})), Reason::scope_exceeds_grant);
}

TEST(RefreshScopes, AreThoseThatAreStillRegistered) {
  EXPECT_EQ(*refreshed({}, "read gone"), "read");
  EXPECT_EQ(*refreshed({}, "read gone", {true, ScopeMatch::all}), "read");
  EXPECT_EQ(reason_of(refreshed({}, "gone")), Reason::scope_not_allowed);
  EXPECT_EQ(reason_of(refreshed("read gone", "read gone", {true, ScopeMatch::all})),
            Reason::scope_not_allowed);
  EXPECT_EQ(*refreshed({}, "gone", {.validate = false}), "gone");
}

} // namespace
} // namespace assay::oauth
