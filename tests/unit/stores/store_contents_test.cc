#include "stores/store_contents.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/open.h"
#include "support/scratch_folder.h"

namespace assay::stores {
namespace {

TEST(StoreContents, OfAFileAreWhatItWasMadeFor) {
  const testing::ScratchFolder folder;
  open_property_store("sqlite:registry.db", folder.path());
  open_token_transfer("sqlite:tokens.db", folder.path());
  open_usage_store("sqlite:usage.db", folder.path());
  EXPECT_TRUE(contents_of("sqlite:registry.db", folder.path()).registry);
  EXPECT_FALSE(contents_of("sqlite:registry.db", folder.path()).tokens);
  EXPECT_TRUE(contents_of("sqlite:tokens.db", folder.path()).tokens);
  const StoreContents usage = contents_of("sqlite:usage.db", folder.path());
  EXPECT_FALSE(usage.registry || usage.tokens);
}

TEST(StoreContents, OfAFileThatIsNotThereMakeNone) {
  const testing::ScratchFolder folder;
  EXPECT_THROW(contents_of("sqlite:tokens.db", folder.path()), Unavailable);
  EXPECT_FALSE(std::filesystem::exists(folder / "tokens.db"));
}

TEST(StoreContents, HaveRoomWhereTheirKindHas) {
  EXPECT_TRUE(room_of("sqlite:x.db").registry);
  EXPECT_TRUE(room_of("postgresql:///assay").tokens);
  EXPECT_FALSE(room_of("rediss+cluster://one:1,two:2").registry);
  EXPECT_TRUE(room_of("rediss+cluster://one:1,two:2").tokens);
  EXPECT_FALSE(room_of("file:x.json").registry);
  EXPECT_FALSE(room_of("memory:").tokens);
}

TEST(StoreName, IsThatOfTheStoreAndTellsNoPassword) {
  EXPECT_EQ(store_name("sqlite:a/../tokens.db", "/data"), "sqlite:/data/tokens.db");
  EXPECT_EQ(store_name("redis://user:secret@host:7000/2?prefix=p:&timeout=100", "/"),
            "redis://host:7000/2?prefix=p:");
  EXPECT_EQ(store_name("rediss+cluster://:secret@one:1,two:2", "/"),
            "rediss+cluster://one:1,two:2?prefix=assay:");
  EXPECT_EQ(store_name("postgresql://user:secret@host/db?schema=x", "/"),
            store_name("postgresql://other@host/db?sslmode=disable&schema=x", "/"));
}

} // namespace
} // namespace assay::stores
