// The edges of the time claims, at a microsecond and at a second before and after each.
#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr double kSkew = 30;
constexpr double kLongestLife = 300;

struct Edge {
  const char* name;
  const char* claim;
  double seconds_after_now;
  microseconds now_after_now; // how much later than kNow it is judged
  std::optional<Reason> reason;
};

void PrintTo(const Edge& edge, std::ostream* out) { *out << edge.name; }

class AssertionTimes : public ::testing::TestWithParam<Edge> {};

TEST_P(AssertionTimes, AreJudgedToTheMicrosecond) {
  const Edge& edge = GetParam();
  Judge judge;
  judge.now = kNow + edge.now_after_now;
  const auto claims = claims_with(edge.claim, seconds_after_now(edge.seconds_after_now));
  EXPECT_EQ(judge.reason(assertion_with(claims)), edge.reason);
}

// Accepted while now < exp + skew (RFC 7519 section 4.1.4: "on or after" is too late).
constexpr Edge kExpiry[] = {
    {"one_second_before", "exp", -kSkew + 1, 0us, {}},
    {"one_microsecond_before", "exp", -kSkew, -1us, {}},
    {"on_the_edge", "exp", -kSkew, 0us, Reason::expired},
    {"one_microsecond_after", "exp", -kSkew, 1us, Reason::expired},
    {"one_second_after", "exp", -kSkew - 1, 0us, Reason::expired},
    {"half_a_second_left_of_a_fraction", "exp", -kSkew + 0.5, 499'999us, {}},
    {"a_fraction_over", "exp", -kSkew + 0.5, 500'000us, Reason::expired},
    {"at_the_beginning_of_time", "exp", -1'800'000'000.0, 0us, Reason::expired},
};
INSTANTIATE_TEST_SUITE_P(Expiry, AssertionTimes, ::testing::ValuesIn(kExpiry));

// Refused when exp > now + longest life + skew.
constexpr Edge kLife[] = {
    {"one_second_within", "exp", kLongestLife + kSkew - 1, 0us, {}},
    {"one_microsecond_within", "exp", kLongestLife + kSkew, 1us, {}},
    {"on_the_edge", "exp", kLongestLife + kSkew, 0us, {}},
    {"one_microsecond_beyond", "exp", kLongestLife + kSkew, -1us, Reason::life_too_long},
    {"one_second_beyond", "exp", kLongestLife + kSkew + 1, 0us, Reason::life_too_long},
    {"a_fraction_beyond", "exp", kLongestLife + kSkew + 0.25, 0us, Reason::life_too_long},
    {"a_fraction_on_the_edge", "exp", kLongestLife + kSkew + 0.25, 250'000us, {}},
    {"at_the_end_of_time", "exp", 9'007'197'454'740'992.0, 0us, Reason::life_too_long},
};
INSTANTIATE_TEST_SUITE_P(Life, AssertionTimes, ::testing::ValuesIn(kLife));

// nbf <= now + skew.
constexpr Edge kNotBefore[] = {
    {"long_past", "nbf", -1'000'000, 0us, {}},
    {"one_second_within", "nbf", kSkew - 1, 0us, {}},
    {"one_microsecond_within", "nbf", kSkew, 1us, {}},
    {"on_the_edge", "nbf", kSkew, 0us, {}},
    {"one_microsecond_beyond", "nbf", kSkew, -1us, Reason::not_yet_valid},
    {"one_second_beyond", "nbf", kSkew + 1, 0us, Reason::not_yet_valid},
    {"a_fraction_beyond", "nbf", kSkew + 0.5, 0us, Reason::not_yet_valid},
    {"a_fraction_on_the_edge", "nbf", kSkew + 0.5, 500'000us, {}},
    {"at_the_end_of_time", "nbf", 9'007'197'454'740'992.0, 0us, Reason::not_yet_valid},
};
INSTANTIATE_TEST_SUITE_P(NotBefore, AssertionTimes, ::testing::ValuesIn(kNotBefore));

// iat <= now + skew; how old it is does not count.
constexpr Edge kIssuedAt[] = {
    {"long_past", "iat", -1'000'000, 0us, {}},
    {"one_second_within", "iat", kSkew - 1, 0us, {}},
    {"one_microsecond_within", "iat", kSkew, 1us, {}},
    {"on_the_edge", "iat", kSkew, 0us, {}},
    {"one_microsecond_beyond", "iat", kSkew, -1us, Reason::issued_in_future},
    {"one_second_beyond", "iat", kSkew + 1, 0us, Reason::issued_in_future},
    {"a_fraction_beyond", "iat", kSkew + 0.5, 0us, Reason::issued_in_future},
    {"a_fraction_on_the_edge", "iat", kSkew + 0.5, 500'000us, {}},
};
INSTANTIATE_TEST_SUITE_P(IssuedAt, AssertionTimes, ::testing::ValuesIn(kIssuedAt));

TEST(AssertionTimesWithoutSkew, LeaveNoRoom) {
  Judge judge;
  judge.policy.clock_skew = 0s;
  const auto expiring = [](double seconds) {
    return assertion_with(claims_with("exp", seconds_after_now(seconds)));
  };
  EXPECT_EQ(judge.reason(expiring(0)), Reason::expired);
  EXPECT_EQ(judge.reason(expiring(0.000'001)), std::nullopt);
  EXPECT_EQ(judge.reason(expiring(kLongestLife)), std::nullopt);
  EXPECT_EQ(judge.reason(expiring(kLongestLife + 0.000'001)), Reason::life_too_long);
}

// Without exp an assertion would be good for ever; the other dates may be left out.
TEST(AssertionTimes, MustHaveAnExpiryAlone) {
  const Judge judge;
  EXPECT_EQ(judge.reason(assertion_with(claims_without("exp"))), Reason::expiry_missing);
  EXPECT_EQ(judge.reason(assertion_with(claims_without("iat"))), std::nullopt);
  EXPECT_EQ(judge.reason(assertion_with(claims_without("nbf"))), std::nullopt);
}

TEST(AssertionTimes, AllowAnApplicationALongerOrAShorterLifeOfItsOwn) {
  const auto expiring = [](double seconds) {
    return assertion_with(claims_with("exp", seconds_after_now(seconds)));
  };
  Judge judge;
  judge.sender.longest_assertion_life = 3600s;
  EXPECT_EQ(judge.reason(expiring(3600 + kSkew)), std::nullopt);
  EXPECT_EQ(judge.reason(expiring(3601 + kSkew)), Reason::life_too_long);
  judge.sender.longest_assertion_life = 60s;
  EXPECT_EQ(judge.reason(expiring(60 + kSkew)), std::nullopt);
  EXPECT_EQ(judge.reason(expiring(61 + kSkew)), Reason::life_too_long);
}

// Libraries that sign for an hour are common: whoever reads this must know what to set.
TEST(AssertionTimes, NameTheLifeThatWasAskedForAndTheOneThatIsAllowed) {
  const Judge judge;
  const std::string detail =
      judge.detail(assertion_with(claims_with("exp", seconds_after_now(3600))));
  EXPECT_TRUE(detail.contains("3600 s")) << detail;
  EXPECT_TRUE(detail.contains("300 s")) << detail;
}

TEST(AssertionTimes, SayUpToWhenAnAssertionIsAcceptable) {
  const auto verified = Judge().verify(assertion_with(claims_with("exp", seconds_after_now(0.5))));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->acceptable_until(), kNow + 30'500ms);
}

} // namespace
} // namespace assay::oauth
