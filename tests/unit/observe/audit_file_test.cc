#include "observe/audit_file.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"
#include "support/text_file.h"

namespace assay::observe {
namespace {

using testing::lines_of;
using testing::ScratchFolder;
using Lines = std::vector<std::string>;

TEST(AuditFile, IsForItsOwnerAlone) {
  const ScratchFolder folder;
  const AuditFile file(folder / "audit.jsonl");
  const auto permissions = std::filesystem::status(folder / "audit.jsonl").permissions();
  EXPECT_EQ(permissions & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

TEST(AuditFile, EndsALineThatWasCutShort) {
  const ScratchFolder folder;
  testing::write_file(folder / "audit.jsonl", "whole\nhal");
  AuditFile file(folder / "audit.jsonl");
  EXPECT_EQ(file.append("next\n"), 5U);
  EXPECT_EQ(lines_of(folder / "audit.jsonl"), (Lines{"whole", "hal", "next"}));
}

TEST(AuditFile, StaysWithItsFileWhileThePathLeadsThere) {
  const ScratchFolder folder;
  AuditFile file(folder / "audit.jsonl");
  EXPECT_FALSE(file.follow());
}

TEST(AuditFile, FollowsThePathAfterARotation) {
  const ScratchFolder folder;
  AuditFile file(folder / "audit.jsonl");
  file.append("old\n");
  std::filesystem::rename(folder / "audit.jsonl", folder / "audit.jsonl.1");
  EXPECT_TRUE(file.follow());
  file.append("new\n");
  EXPECT_EQ(lines_of(folder / "audit.jsonl.1"), Lines{"old"});
  EXPECT_EQ(lines_of(folder / "audit.jsonl"), Lines{"new"});
}

TEST(AuditFile, KeepsTheOldFileWhenThereCanBeNoNewOne) {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder / "logs");
  AuditFile file(folder / "logs/audit.jsonl");
  std::filesystem::rename(folder / "logs", folder / "moved");
  EXPECT_THROW(file.follow(), Unavailable);
  EXPECT_EQ(file.append("kept\n"), 5U);
  EXPECT_EQ(lines_of(folder / "moved/audit.jsonl"), Lines{"kept"});
}

TEST(AuditFile, SaysHowMuchAFullDiskTook) {
  AuditFile file("/dev/full");
  EXPECT_EQ(file.append("line\n"), 0U);
}

} // namespace
} // namespace assay::observe
