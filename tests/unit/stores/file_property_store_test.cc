#include "stores/file/file_property_store.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

namespace fs = std::filesystem;
using registry::PropertyWrite;

class FilePropertyStoreTest : public ::testing::Test {
protected:
  // As an editor does that writes in place.
  void edit(std::string_view text) { std::ofstream(path_, std::ios::binary) << text; }

  std::string file() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  bool put(FilePropertyStore& store, std::string key, std::string value) {
    const PropertyWrite write{std::move(key), std::move(value), std::nullopt};
    return store.apply("T", {&write, 1});
  }

  testing::ScratchFolder folder_;
  fs::path path_ = folder_ / "registry.json";
};

TEST_F(FilePropertyStoreTest, MakesNoFileBeforeTheFirstWrite) {
  FilePropertyStore store(path_);
  EXPECT_FALSE(store.find("T", "a"));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(FilePropertyStoreTest, WritesAFileThatPeopleCanRead) {
  FilePropertyStore store(path_);
  ASSERT_TRUE(put(store, "a", R"({"name":"A"})"));
  EXPECT_EQ(file(), "{\n  \"T\": {\n    \"a\": {\n      \"name\": \"A\"\n    }\n  }\n}\n");
}

TEST_F(FilePropertyStoreTest, NoticesAnEditByHand) {
  edit(R"({"T": {"a": 1, "b": 2}})");
  FilePropertyStore store(path_);
  const auto before = store.changes_since("T", 0).back().version;
  edit(R"({"T": {"a": 1, "b": 3}})"); // of the same size, at once
  const auto changes = store.changes_since("T", before);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].key, "b");
  EXPECT_EQ(changes[0].value, "3");
}

TEST_F(FilePropertyStoreTest, TakesAnotherLayoutAsNoChange) {
  edit(R"({"T":{"a":{"x":1}}})");
  FilePropertyStore store(path_);
  const auto before = store.find("T", "a")->version;
  edit("{ \"T\" : { \"a\" : { \"x\" : 1 } } }\n");
  EXPECT_TRUE(store.changes_since("T", before).empty());
}

TEST_F(FilePropertyStoreTest, FindsNothingNewInWhatItWroteItself) {
  FilePropertyStore store(path_);
  ASSERT_TRUE(put(store, "a", "{ \"x\" : 1.0 }"));
  const auto before = store.find("T", "a")->version;
  EXPECT_EQ(store.find("T", "a")->version, before);
  EXPECT_TRUE(store.changes_since("T", before).empty());
}

TEST_F(FilePropertyStoreTest, KeepsWhatWasEditedByHandWhenItWrites) {
  FilePropertyStore store(path_);
  ASSERT_TRUE(put(store, "a", "1"));
  edit(R"({"T": {"a": 1, "by hand": 2}, "Other": {"c": 3}})");
  ASSERT_TRUE(put(store, "b", "2"));
  EXPECT_EQ(store.find("T", "by hand")->value, "2");
  EXPECT_EQ(FilePropertyStore(path_).find("Other", "c")->value, "3");
}

TEST_F(FilePropertyStoreTest, TakesATableThatVanishedAsErased) {
  edit(R"({"T": {"a": 1}})");
  FilePropertyStore store(path_);
  edit("{}");
  const auto changes = store.changes_since("T", 1);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].value);
}

TEST_F(FilePropertyStoreTest, SaysWhichFileIsBadAndWhere) {
  edit(R"({"T": {"a": 1})");
  try {
    const FilePropertyStore store(path_);
    FAIL() << "took a bad file";
  } catch (const Unavailable& fault) {
    const std::string what = fault.what();
    EXPECT_TRUE(what.contains("registry.json is not good JSON at byte 14")) << what;
  }
}

TEST_F(FilePropertyStoreTest, TouchesNoBadFileAndGoesOnWhenItIsMended) {
  edit(R"({"T": {"a": 1}})");
  FilePropertyStore store(path_);
  edit(R"({"T": {"a": )");
  EXPECT_THROW(store.find("T", "a"), Unavailable);
  EXPECT_THROW(store.changes_since("T", 1), Unavailable);
  EXPECT_THROW(put(store, "b", "2"), Unavailable);
  EXPECT_EQ(file(), R"({"T": {"a": )");
  edit(R"({"T": {"a": 2}})");
  EXPECT_EQ(store.find("T", "a")->value, "2");
}

TEST_F(FilePropertyStoreTest, IsUnavailableWhileItsFileIsGone) {
  edit(R"({"T": {"a": 1}})");
  FilePropertyStore store(path_);
  fs::rename(path_, folder_ / "elsewhere");
  EXPECT_THROW(store.changes_since("T", 1), Unavailable);
  EXPECT_THROW(put(store, "b", "2"), Unavailable);
  fs::rename(folder_ / "elsewhere", path_);
  EXPECT_EQ(store.find("T", "a")->value, "1");
}

TEST_F(FilePropertyStoreTest, FollowsASymbolicLinkAndLeavesItOne) {
  fs::create_directory(folder_ / "real");
  std::ofstream(folder_ / "real" / "file.json") << "{}";
  fs::create_symlink(folder_ / "real" / "file.json", path_);
  FilePropertyStore store(path_);
  ASSERT_TRUE(put(store, "a", "1"));
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(FilePropertyStore(folder_ / "real" / "file.json").find("T", "a")->value, "1");
}

} // namespace
} // namespace assay::stores
