#include "stores/file/file_lock.h"

#include <optional>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;

TEST(FileLock, IsHeldByOneAtATime) {
  const testing::ScratchFolder folder;
  std::optional<FileLock> first(std::in_place, folder / "a");
  EXPECT_THROW(FileLock(folder / "a", 20ms), Unavailable);
  first.reset();
  EXPECT_NO_THROW(FileLock(folder / "a", 20ms));
}

TEST(FileLock, IsOfOneFile) {
  const testing::ScratchFolder folder;
  const FileLock first(folder / "a");
  EXPECT_NO_THROW(FileLock(folder / "b", 20ms));
}

} // namespace
} // namespace assay::stores
