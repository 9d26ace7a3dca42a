#include "base/secret.h"

#include <ostream>
#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

template <class T>
concept Streamable = requires(std::ostream& stream, const T& value) { stream << value; };

static_assert(!Streamable<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST(Secret, RevealsItsText) {
  EXPECT_EQ(Secret("opensesame").reveal(), "opensesame");
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, CopiesItsText) {
  const Secret first("opensesame");
  Secret second(first);
  EXPECT_EQ(second.reveal(), "opensesame");
  Secret third("another");
  third = second;
  EXPECT_EQ(third.reveal(), "opensesame");
  EXPECT_EQ(second.reveal(), "opensesame");
}

TEST(Secret, SurvivesBeingAssignedToItself) {
  Secret secret("opensesame");
  const Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), "opensesame");
}

// A short text lies in the object itself, so that its bytes would stay when it is moved from.
TEST(Secret, LeavesNothingWhereItWasMovedFrom) {
  Secret first("opensesame");
  const Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), "opensesame");
  const std::string_view left(first.reveal().data(), 10);
  EXPECT_EQ(left, std::string(10, '\0'));
}

TEST(Secret, LeavesNothingWhereItWasMovedFromByAssignment) {
  Secret first("opensesame");
  Secret second("another");
  second = std::move(first);
  EXPECT_EQ(second.reveal(), "opensesame");
  const std::string_view left(first.reveal().data(), 10);
  EXPECT_EQ(left, std::string(10, '\0'));
}

} // namespace
} // namespace assay
