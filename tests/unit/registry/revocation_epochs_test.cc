#include "registry/revocation_epochs.h"

#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};

class RevocationEpochsTest : public ::testing::Test {
protected:
  bool is_revoked(TimePoint granted_at, std::string_view client_id = "billing",
                  std::string_view subject = "alice", std::string_view table = "apps") {
    epochs_.refresh();
    return epochs_.is_revoked(table, client_id, subject, granted_at);
  }

  void write_row(std::string key, std::optional<std::string> value) {
    const PropertyWrite write{std::move(key), std::move(value), std::nullopt};
    store_.apply(kRevocationTable, {&write, 1});
  }

  stores::MemoryPropertyStore store_;
  RevocationEditor editor_{store_};
  std::map<std::string, std::string> reports_;
  RevocationEpochs epochs_{store_, [this](std::string_view key, std::string_view why) {
                             reports_[std::string(key)] = why;
                           }};
};

TEST_F(RevocationEpochsTest, RevokeNothingWhenThereAreNone) {
  EXPECT_FALSE(is_revoked(kNow));
  EXPECT_TRUE(epochs_.empty());
}

TEST_F(RevocationEpochsTest, RevokeWhatAnApplicationWasGrantedUpToThem) {
  editor_.revoke_application("apps", "billing", kNow);
  EXPECT_TRUE(is_revoked(kNow - 1000h));
  EXPECT_TRUE(is_revoked(kNow));
  EXPECT_FALSE(is_revoked(kNow + 1us));
  EXPECT_FALSE(is_revoked(kNow, "shipping"));
  EXPECT_FALSE(is_revoked(kNow, "billing", "alice", "others"));
  EXPECT_FALSE(is_revoked(kNow, "shipping", "billing"));
  EXPECT_FALSE(epochs_.empty());
}

TEST_F(RevocationEpochsTest, RevokeWhatWasGrantedForASubjectUpToThem) {
  editor_.revoke_subject("apps", "alice", kNow);
  EXPECT_TRUE(is_revoked(kNow));
  EXPECT_TRUE(is_revoked(kNow, "shipping"));
  EXPECT_FALSE(is_revoked(kNow + 1us));
  EXPECT_FALSE(is_revoked(kNow, "billing", "bob"));
  EXPECT_FALSE(is_revoked(kNow, "alice", "bob"));
  EXPECT_FALSE(is_revoked(kNow, "billing", "alice", "others"));
}

TEST_F(RevocationEpochsTest, AreThereFromTheStart) {
  editor_.revoke_application("apps", "billing", kNow);
  const RevocationEpochs epochs(store_, {});
  EXPECT_TRUE(epochs.is_revoked("apps", "billing", "alice", kNow));
}

TEST_F(RevocationEpochsTest, NeverMoveBack) {
  editor_.revoke_application("apps", "billing", kNow);
  editor_.revoke_application("apps", "billing", kNow - 1h);
  EXPECT_TRUE(is_revoked(kNow));
  editor_.revoke_application("apps", "billing", kNow + 1h);
  EXPECT_TRUE(is_revoked(kNow + 1h));
}

TEST_F(RevocationEpochsTest, TakeNoPartOfANameForAnother) {
  editor_.revoke_application("apps", "a/subject/b", kNow);
  EXPECT_TRUE(is_revoked(kNow, "a/subject/b"));
  EXPECT_FALSE(is_revoked(kNow, "a", "b"));
}

// Nobody knows what was meant: no token is the safe side.
TEST_F(RevocationEpochsTest, RevokeForEverWhereARowCannotBeRead) {
  for (const char* row :
       {R"({"granted_before": "2026-01-31T09:30:00Z"})", R"({"granted_before": 1.5})",
        R"({"granted_before": 1, "more": 2})", R"({"granted_after": 1})", "{}", "[]", "{"}) {
    write_row("apps/application/billing", row);
    EXPECT_TRUE(is_revoked(kNow + 1000h)) << row;
    EXPECT_FALSE(is_revoked(kNow, "shipping")) << row;
    EXPECT_EQ(reports_.erase("apps/application/billing"), 1U) << row;
  }
  editor_.revoke_application("apps", "billing", kNow);
  EXPECT_FALSE(is_revoked(kNow + 1us));
}

TEST_F(RevocationEpochsTest, GoWithTheirRows) {
  editor_.revoke_application("apps", "billing", kNow);
  EXPECT_TRUE(is_revoked(kNow));
  write_row("apps/application/billing", std::nullopt);
  EXPECT_FALSE(is_revoked(kNow));
  EXPECT_TRUE(epochs_.empty());
}

// A revocation of another process comes between the look and the write.
TEST(RevocationEditor, LetsTheLaterOfTwoRevocationsCount) {
  class Overtaken final : public PropertyStore {
  public:
    std::optional<Property> find(std::string_view table, std::string_view key) override {
      return store.find(table, key);
    }
    std::vector<PropertyChange> changes_since(std::string_view table, Version version) override {
      return store.changes_since(table, version);
    }
    std::vector<std::string> tables() override { return store.tables(); }
    bool apply(std::string_view table, std::span<const PropertyWrite> writes) override {
      if (!std::exchange(overtaken, true))
        RevocationEditor(store).revoke_application("apps", "billing", kNow + 1h);
      return store.apply(table, writes);
    }

    stores::MemoryPropertyStore store;
    bool overtaken = false;
  };
  Overtaken store;
  RevocationEditor(store).revoke_application("apps", "billing", kNow);
  const RevocationEpochs epochs(store, {});
  EXPECT_TRUE(epochs.is_revoked("apps", "billing", "alice", kNow + 1h));
}

} // namespace
} // namespace assay::registry
