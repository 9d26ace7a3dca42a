#include "stores/open.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

TEST(Open, KnowsTheFormsOfUrls) {
  for (const char* url : {"memory:", "sqlite:registry.db", "file:registry.json",
                          "postgresql://host/assay", "postgres://user:word@host:5433/assay"})
    EXPECT_EQ(property_store_url_fault(url), std::nullopt) << url;
  for (const char* url :
       {"memory:", "sqlite:tokens.db", "postgresql:///assay?host=/run/postgresql&schema=nodes",
        "postgresql://one,two/assay?sslmode=verify-full&pooler=transaction"}) {
    EXPECT_EQ(token_store_url_fault(url), std::nullopt) << url;
    EXPECT_EQ(usage_store_url_fault(url), std::nullopt) << url;
  }
  for (const char* url : {"redis://localhost", "rediss+cluster://one:7000,two:7000"}) {
    EXPECT_EQ(token_store_url_fault(url), std::nullopt) << url;
    EXPECT_TRUE(usage_store_url_fault(url)) << url;
    EXPECT_TRUE(property_store_url_fault(url)) << url;
  }
}

TEST(Open, SaysOfAnyOtherUrlWhichFormsThereAre) {
  for (const char* url : {"", "sqlite:", "sqlite", "file:", "memory:tokens", "SQLITE:tokens.db",
                          "redis:localhost", "tokens.db"}) {
    const auto fault = token_store_url_fault(url);
    ASSERT_TRUE(fault) << url;
    EXPECT_EQ(*fault, "is not one of sqlite:FILE, postgresql://HOST/DATABASE, redis://HOST:PORT, "
                      "redis+cluster://HOST:PORT,HOST:PORT, memory:");
    EXPECT_TRUE(usage_store_url_fault(url)) << url;
    EXPECT_TRUE(property_store_url_fault(url)) << url;
  }
  EXPECT_TRUE(token_store_url_fault("file:tokens.json"));
  EXPECT_TRUE(usage_store_url_fault("file:usage.json"));
}

TEST(Open, SaysOfADatabasesUrlWhatIsWrongButNotItsPassword) {
  for (const char* url :
       {"postgresql://user:secret@host/assay?sslmode", "postgresql://host/assay?no_such=1",
        "postgresql://host/assay?pooler=session", "postgresql://host/assay?schema=a\"b",
        "postgresql://host/assay?schema=", "postgresql://host/assay?schema=pg_toast"}) {
    const auto fault = token_store_url_fault(url);
    ASSERT_TRUE(fault) << url;
    EXPECT_FALSE(fault->contains("secret"));
    EXPECT_TRUE(property_store_url_fault(url)) << url;
  }
}

TEST(Open, TellsWhatOnlyOneProcessHas) {
  EXPECT_TRUE(lives_in_memory("memory:"));
  EXPECT_FALSE(lives_in_memory("sqlite:memory:"));
}

TEST(Open, OpensFilesInTheDataFolder) {
  const testing::ScratchFolder folder;
  open_property_store("sqlite:registry.db", folder.path());
  open_token_store("sqlite:tokens.db", folder.path());
  open_usage_store("sqlite:usage.db", folder.path());
  for (const char* name : {"registry.db", "tokens.db", "usage.db"})
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
}

TEST(Open, OpensAFileThatIsElsewhere) {
  const testing::ScratchFolder folder;
  const testing::ScratchFolder elsewhere;
  open_token_store("sqlite:" + (elsewhere / "tokens.db").string(), folder.path());
  EXPECT_TRUE(std::filesystem::exists(elsewhere / "tokens.db"));
}

TEST(Open, SaysWhatCannotBeOpened) {
  const testing::ScratchFolder folder;
  std::filesystem::create_directory(folder / "folder");
  for (const std::string url :
       {"sqlite:folder", "sqlite:missing/tokens.db", "redis://localhost:1"}) {
    try {
      open_token_store(url, folder.path());
      FAIL() << url;
    } catch (const Unavailable& fault) {
      const std::string name = url.substr(url.find_first_not_of(":/", url.find(':')));
      EXPECT_TRUE(std::string(fault.what()).contains(name)) << fault.what();
    }
  }
}

// One file for two stores: the second would not find its tables.
TEST(Open, OpensNoFileOfAnotherStore) {
  const testing::ScratchFolder folder;
  const auto registry = open_property_store("sqlite:all.db", folder.path());
  EXPECT_THROW(open_token_store("sqlite:all.db", folder.path()), Unavailable);
  EXPECT_THROW(open_usage_store("sqlite:all.db", folder.path()), Unavailable);
}

} // namespace
} // namespace assay::stores
