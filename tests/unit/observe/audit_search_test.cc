#include "observe/audit_search.h"

#include <string>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "observe/audit_entry.h"
#include "support/scratch_folder.h"
#include "support/text_file.h"

namespace assay::observe {
namespace {

using testing::ScratchFolder;

std::string line(std::string request_id, std::string detail = {}) {
  AuditEntry entry;
  entry.request_id = std::move(request_id);
  entry.event = "token";
  entry.detail = std::move(detail);
  return to_line(entry, "node-1") + '\n';
}

TEST(FindAuditLine, FindsTheFirstTheLastAndOneBetween) {
  const ScratchFolder folder;
  testing::write_file(folder / "audit.jsonl", line("a") + line("b", "this one") + line("c"));
  for (const char* id : {"a", "b", "c"}) {
    const auto found = find_audit_line(folder / "audit.jsonl", id);
    ASSERT_TRUE(found) << id;
    EXPECT_EQ(found->at("request_id"), id);
  }
  EXPECT_EQ(find_audit_line(folder / "audit.jsonl", "b")->at("detail"), "this one");
}

TEST(FindAuditLine, GivesNoneForARequestThatIsNotThere) {
  const ScratchFolder folder;
  testing::write_file(folder / "audit.jsonl", line("abc"));
  EXPECT_FALSE(find_audit_line(folder / "audit.jsonl", "ab"));
  testing::write_file(folder / "empty.jsonl", "");
  EXPECT_FALSE(find_audit_line(folder / "empty.jsonl", "ab"));
}

// The blocks are 64 KiB, read from the end: as the file grows byte by byte, every edge falls on
// every byte of a line.
TEST(FindAuditLine, FindsLinesAcrossTheEdgesOfBlocks) {
  const ScratchFolder folder;
  std::string after;
  while (after.size() < std::size_t{64} * 1024 - 400)
    after += line("filler");
  for (std::size_t padding = 0; padding < 400; ++padding) {
    testing::write_file(folder / "audit.jsonl", line("first") + line("wanted") + after +
                                                    line("last", std::string(padding, 'x')));
    EXPECT_TRUE(find_audit_line(folder / "audit.jsonl", "wanted")) << padding;
    EXPECT_TRUE(find_audit_line(folder / "audit.jsonl", "first")) << padding;
  }
}

TEST(FindAuditLine, FindsALineThatIsLongerThanABlock) {
  const ScratchFolder folder;
  const std::string longest =
      R"({"request_id":"long","detail":")" + std::string(200'000, 'x') + "\"}\n";
  testing::write_file(folder / "audit.jsonl", line("a") + longest + line("b"));
  EXPECT_TRUE(find_audit_line(folder / "audit.jsonl", "long"));
  EXPECT_TRUE(find_audit_line(folder / "audit.jsonl", "a"));
}

TEST(FindAuditLine, PassesOverALineThatWasCutShort) {
  const ScratchFolder folder;
  const std::string cut = line("a").substr(0, 60);
  ASSERT_NE(cut.find(R"("request_id":"a")"), cut.npos);
  testing::write_file(folder / "audit.jsonl", line("a", "whole") + cut);
  EXPECT_EQ(find_audit_line(folder / "audit.jsonl", "a")->at("detail"), "whole");
}

TEST(FindAuditLine, IsNotFooledByAClientThatSendsTheText) {
  const ScratchFolder folder;
  testing::write_file(folder / "audit.jsonl", line("a") + line("b", R"("request_id":"a")"));
  EXPECT_EQ(find_audit_line(folder / "audit.jsonl", "a")->at("request_id"), "a");
}

TEST(FindAuditLine, IsUnavailableWithoutAFile) {
  const ScratchFolder folder;
  EXPECT_THROW(find_audit_line(folder / "audit.jsonl", "a"), Unavailable);
}

} // namespace
} // namespace assay::observe
