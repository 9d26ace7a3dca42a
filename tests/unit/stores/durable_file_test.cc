#include "stores/file/durable_file.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMuch = 1'000'000;

struct stat facts_of(const fs::path& path) {
  struct stat facts{};
  EXPECT_EQ(::stat(path.c_str(), &facts), 0);
  return facts;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename());
  return names;
}

TEST(DurableFile, ReadsWhatItWrote) {
  const testing::ScratchFolder folder;
  replace_file(folder / "a", "first");
  replace_file(folder / "a", std::string(200'000, 'x'));
  const auto content = read_file(folder / "a", kMuch);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->text, std::string(200'000, 'x'));
  EXPECT_EQ(content->stamp, stamp_of(folder / "a"));
  EXPECT_EQ(content->stamp.size, 200'000U);
}

TEST(DurableFile, IsReadableByItsOwnerAlone) {
  const testing::ScratchFolder folder;
  const mode_t before = ::umask(0);
  replace_file(folder / "a", "text");
  ::umask(before);
  EXPECT_EQ(facts_of(folder / "a").st_mode & 0777U, 0600U);
}

TEST(DurableFile, LeavesNothingBesideIt) {
  const testing::ScratchFolder folder;
  std::ofstream(folder / "a.new") << "what a crash left there, and it is longer than the text";
  replace_file(folder / "a", "text");
  EXPECT_EQ(read_file(folder / "a", kMuch)->text, "text");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"a"});
}

// A command that root runs must not lock the server out of its own file.
TEST(DurableFile, KeepsItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  constexpr uid_t kSomebody = 12345;
  const testing::ScratchFolder folder;
  ASSERT_EQ(::chown(folder.path().c_str(), kSomebody, kSomebody), 0);
  replace_file(folder / "a", "made by root in somebody's folder");
  EXPECT_EQ(facts_of(folder / "a").st_uid, kSomebody);
  ASSERT_EQ(::chown((folder / "a").c_str(), kSomebody + 1, kSomebody + 1), 0);
  replace_file(folder / "a", "replaced by root");
  EXPECT_EQ(facts_of(folder / "a").st_uid, kSomebody + 1);
}

TEST(DurableFile, MayBeAbsent) {
  const testing::ScratchFolder folder;
  EXPECT_FALSE(read_file(folder / "a", kMuch));
  EXPECT_FALSE(stamp_of(folder / "a"));
}

TEST(DurableFile, ChangesItsStampWithItsContent) {
  const testing::ScratchFolder folder;
  replace_file(folder / "a", "one");
  const auto before = stamp_of(folder / "a");
  replace_file(folder / "a", "three");
  EXPECT_NE(stamp_of(folder / "a"), before);
}

TEST(DurableFile, IsBounded) {
  const testing::ScratchFolder folder;
  replace_file(folder / "a", "12345");
  EXPECT_TRUE(read_file(folder / "a", 5));
  EXPECT_THROW(read_file(folder / "a", 4), Unavailable);
}

TEST(DurableFile, IsNoFolder) {
  const testing::ScratchFolder folder;
  EXPECT_THROW(read_file(folder.path(), kMuch), Unavailable);
}

TEST(DurableFile, SaysWhichFileCannotBeWrittenAndWhy) {
  const testing::ScratchFolder folder;
  try {
    replace_file(folder / "missing" / "a", "text");
    FAIL() << "wrote into a folder that is not there";
  } catch (const Unavailable& fault) {
    const std::string what = fault.what();
    EXPECT_TRUE(what.contains("missing/a")) << what;
    EXPECT_TRUE(what.contains("No such file or directory")) << what;
  }
}

} // namespace
} // namespace assay::stores
