#include "base/refusal.h"

#include <set>

#include <gtest/gtest.h>

#include "base/result.h"

namespace assay {
namespace {

TEST(Refusal, HasANameOfItsOwnForEveryReason) {
  std::set<std::string_view> names;
  for (std::size_t each = 0; each < kReasonCount; ++each)
    names.insert(name(static_cast<Reason>(each)));
  EXPECT_EQ(names.size(), kReasonCount);
}

TEST(Refusal, SpellsReasonsAsTheEnumDoes) {
  EXPECT_EQ(name(Reason::body_too_large), "body_too_large");
  EXPECT_EQ(name(Reason::signature_invalid), "signature_invalid");
  EXPECT_EQ(name(Reason::assertion_replayed), "assertion_replayed");
}

TEST(Refusal, HasAGateForEveryReason) {
  for (std::size_t each = 0; each < kReasonCount; ++each)
    EXPECT_FALSE(gate(static_cast<Reason>(each)).empty()) << name(static_cast<Reason>(each));
}

TEST(Refusal, GathersReasonsOfOneGate) {
  EXPECT_EQ(gate(Reason::expiry_missing), gate(Reason::expired));
  EXPECT_NE(gate(Reason::expired), gate(Reason::not_yet_valid));
}

TEST(Refusal, BecomesTheResultOfWhatRefuses) {
  const auto refusing = []() -> Result<int> { return refuse(Reason::jti_missing, "detail"); };
  const auto result = refusing();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, Reason::jti_missing);
  EXPECT_EQ(result.error().detail, "detail");
}

} // namespace
} // namespace assay
