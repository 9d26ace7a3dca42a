#include "registry/key_source_store.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

KeySource from(std::string uri) { return {.origin = {.uri = std::move(uri), .ca_digest = ""}}; }

class KeySourceStoreTest : public ::testing::Test {
protected:
  stores::MemoryPropertyStore properties_;
  KeySourceStore rows_{properties_, "Applications"};
};

TEST_F(KeySourceStoreTest, FindsWhatWasWritten) {
  EXPECT_FALSE(rows_.find("billing"));
  rows_.update("billing", [](std::optional<KeySource> before) {
    EXPECT_FALSE(before);
    return from("https://a.example");
  });
  EXPECT_EQ(rows_.find("billing")->origin.uri, "https://a.example");
  EXPECT_TRUE(properties_.find("Applications.KeySources", "billing"));
}

TEST_F(KeySourceStoreTest, ChangesWhatIsThereAlsoIfAnotherNodeWroteMeanwhile) {
  int calls = 0;
  const KeySource after = rows_.update("billing", [&](std::optional<KeySource> before) {
    if (++calls == 1)
      rows_.update("billing", [](const auto&) { return from("https://other.example"); });
    else
      EXPECT_EQ(before->origin.uri, "https://other.example");
    return from("https://mine.example");
  });
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(after.origin.uri, "https://mine.example");
  EXPECT_EQ(rows_.find("billing")->origin.uri, "https://mine.example");
}

TEST_F(KeySourceStoreTest, GivesUpIfOthersAreAlwaysFaster) {
  EXPECT_THROW(rows_.update("billing",
                            [&](const auto&) {
                              rows_.update("billing",
                                           [](const auto&) { return from("https://b"); });
                              return from("https://a");
                            }),
               Unavailable);
}

TEST_F(KeySourceStoreTest, TakesARowThatCannotBeReadForNone) {
  const PropertyWrite bad{"billing", "[]", std::nullopt};
  properties_.apply("Applications.KeySources", {&bad, 1});
  EXPECT_FALSE(rows_.find("billing"));
  rows_.update("billing", [](const auto&) { return from("https://a.example"); });
  EXPECT_TRUE(rows_.find("billing"));
}

TEST_F(KeySourceStoreTest, ErasesWhatIsThereOrNot) {
  rows_.update("billing", [](const auto&) { return from("https://a.example"); });
  rows_.erase("billing");
  rows_.erase("billing");
  EXPECT_FALSE(rows_.find("billing"));
}

} // namespace
} // namespace assay::registry
