#include "stores/postgres/fault_kind.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

TEST(FaultKind, TellsWhatIsWorthAnotherTry) {
  EXPECT_EQ(fault_kind("40001"), FaultKind::contention);
  EXPECT_EQ(fault_kind("40P01"), FaultKind::contention);
  EXPECT_EQ(fault_kind("23514"), FaultKind::contention);
}

TEST(FaultKind, TellsWhatOneOfAGroupBrought) {
  EXPECT_EQ(fault_kind("23505"), FaultKind::of_one);
  EXPECT_EQ(fault_kind("22021"), FaultKind::of_one);
  EXPECT_EQ(fault_kind("54000"), FaultKind::of_one);
}

TEST(FaultKind, TellsWhatAnotherConnectionMayDo) {
  for (const char* state : {"57P01", "57P03", "25006", "08006"})
    EXPECT_EQ(fault_kind(state), FaultKind::of_connection);
  EXPECT_EQ(fault_kind("57014"), FaultKind::other);
  EXPECT_EQ(fault_kind(""), FaultKind::other);
}

TEST(FaultKind, HintsAtThePooler) {
  EXPECT_TRUE(hint(fault_kind("26000")).contains("pooler=transaction"));
  EXPECT_EQ(hint(FaultKind::other), "");
}

} // namespace
} // namespace assay::stores
