#include "registry/application_editor.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "registry/application_registry.h"
#include "registry/revocation_epochs.h"
#include "stores/memory/memory_property_store.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

class ApplicationEditorTest : public ::testing::Test {
protected:
  // Around the editor, as another program would.
  void write_row(std::string_view key, std::string_view text) {
    const PropertyWrite write{std::string(key), std::string(text), std::nullopt};
    store_.apply(kDefaultApplicationTable, {&write, 1});
  }

  Version version_of(std::string_view key) {
    return store_.find(kDefaultApplicationTable, key)->version;
  }

  stores::MemoryPropertyStore store_;
  static constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};
  ApplicationEditor editor_{store_, std::string(kDefaultApplicationTable), crypto::secure_random,
                            [] { return kNow; }};
};

void rename(json::object& record) { record["name"] = "Renamed"; }

TEST_F(ApplicationEditorTest, CreatesAnApplication) {
  const auto created = editor_.create(billing_record());
  ASSERT_TRUE(created);
  EXPECT_EQ(created->id, "billing");
  const auto shown = editor_.show("billing");
  ASSERT_TRUE(shown);
  EXPECT_EQ(to_record(*shown), to_record(*created));
}

TEST_F(ApplicationEditorTest, MakesAnIdWhenThereIsNone) {
  const auto created = editor_.create(json::object{{"name", "Anonymous"}});
  ASSERT_TRUE(created);
  EXPECT_EQ(created->id.size(), 32U);
  EXPECT_EQ(created->id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_TRUE(editor_.show(created->id));
}

TEST_F(ApplicationEditorTest, CreatesNothingOverAnotherApplication) {
  ASSERT_TRUE(editor_.create(billing_record()));
  const auto again = editor_.create(record_with("name", "Impostor"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().fault, EditFault::exists_already);
  EXPECT_EQ(editor_.show("billing")->name, "Billing");
}

TEST_F(ApplicationEditorTest, CreatesAgainWhatWasRemoved) {
  ASSERT_TRUE(editor_.create(billing_record()));
  ASSERT_TRUE(editor_.remove("billing"));
  EXPECT_TRUE(editor_.create(billing_record()));
}

TEST_F(ApplicationEditorTest, CreatesNothingFromABadRecord) {
  const auto created = editor_.create(record_with("enabled", "yes"));
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().fault, EditFault::bad_record);
  ASSERT_EQ(created.error().fields.size(), 1U);
  EXPECT_EQ(created.error().fields[0].field, "enabled");
  EXPECT_TRUE(editor_.list().empty());
}

TEST_F(ApplicationEditorTest, UpdatesARecordThatHasAllItsMembers) {
  write_row("billing", R"({"name": "By hand"})");
  const auto updated = editor_.update("billing", [](json::object& record) {
    record.at("scopes").as_array().push_back(json::object{{"name", "a"}});
  });
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->name, "By hand");
  EXPECT_EQ(editor_.show("billing")->scopes.size(), 1U);
}

TEST_F(ApplicationEditorTest, UpdatesNothingThatIsNotThere) {
  EXPECT_EQ(editor_.update("billing", rename).error().fault, EditFault::not_found);
}

TEST_F(ApplicationEditorTest, UpdatesNothingToABadRecord) {
  ASSERT_TRUE(editor_.create(billing_record()));
  const Version before = version_of("billing");
  const auto updated =
      editor_.update("billing", [](json::object& record) { record["enabled"] = 1; });
  ASSERT_FALSE(updated);
  EXPECT_EQ(updated.error().fault, EditFault::bad_record);
  EXPECT_EQ(version_of("billing"), before);
}

TEST_F(ApplicationEditorTest, DoesNotChangeAnId) {
  ASSERT_TRUE(editor_.create(billing_record()));
  const auto updated =
      editor_.update("billing", [](json::object& record) { record["client_id"] = "shipping"; });
  ASSERT_FALSE(updated);
  EXPECT_EQ(updated.error().fields.at(0).field, "client_id");
  const auto erased =
      editor_.update("billing", [](json::object& record) { record.erase("client_id"); });
  ASSERT_TRUE(erased);
  EXPECT_EQ(erased->id, "billing");
}

TEST_F(ApplicationEditorTest, DoesNotUndoAChangeThatCameMeanwhile) {
  ASSERT_TRUE(editor_.create(billing_record()));
  const auto updated = editor_.update("billing", [this](json::object& record) {
    write_row("billing", R"({"name": "Other"})");
    rename(record);
  });
  ASSERT_FALSE(updated);
  EXPECT_EQ(updated.error().fault, EditFault::changed_meanwhile);
  EXPECT_EQ(editor_.show("billing")->name, "Other");
}

TEST_F(ApplicationEditorTest, MendsARecordThatWasBad) {
  write_row("billing", R"({"name": "By hand", "enbled": true})");
  ASSERT_FALSE(editor_.show("billing"));
  const auto mended =
      editor_.update("billing", [](json::object& record) { record.erase("enbled"); });
  ASSERT_TRUE(mended);
  EXPECT_EQ(mended->name, "By hand");
}

TEST_F(ApplicationEditorTest, RemovesAnApplicationOnce) {
  ASSERT_TRUE(editor_.create(billing_record()));
  EXPECT_TRUE(editor_.remove("billing"));
  EXPECT_EQ(editor_.remove("billing").error().fault, EditFault::not_found);
  EXPECT_EQ(editor_.show("billing").error().fault, EditFault::not_found);
}

TEST_F(ApplicationEditorTest, RevokesTheTokensOfWhatItRemoves) {
  for (const char* id : {"billing", "shipping"})
    ASSERT_TRUE(editor_.create(record_with("client_id", id)));
  EXPECT_TRUE(RevocationEpochs(store_, {}).empty());
  ASSERT_TRUE(editor_.remove("billing"));
  const RevocationEpochs epochs(store_, {});
  EXPECT_TRUE(epochs.is_revoked(kDefaultApplicationTable, "billing", "alice", kNow));
  EXPECT_FALSE(epochs.is_revoked(kDefaultApplicationTable, "shipping", "alice", kNow));
}

// If the epoch came last, a crash between the two would leave the tokens for the next of that name.
TEST_F(ApplicationEditorTest, RemovesNothingWhoseTokensItCannotRevoke) {
  class WithoutRevocations final : public PropertyStore {
  public:
    explicit WithoutRevocations(PropertyStore& store) : store_(store) {}
    std::optional<Property> find(std::string_view table, std::string_view key) override {
      return store_.find(table, key);
    }
    std::vector<PropertyChange> changes_since(std::string_view table, Version version) override {
      return store_.changes_since(table, version);
    }
    std::vector<std::string> tables() override { return store_.tables(); }
    bool apply(std::string_view table, std::span<const PropertyWrite> writes) override {
      if (table == kRevocationTable) throw Unavailable("the store is broken");
      return store_.apply(table, writes);
    }

  private:
    PropertyStore& store_;
  };
  ASSERT_TRUE(editor_.create(billing_record()));
  WithoutRevocations store(store_);
  ApplicationEditor editor(store, std::string(kDefaultApplicationTable), crypto::secure_random,
                           [] { return kNow; });
  EXPECT_THROW(editor.remove("billing"), Unavailable);
  EXPECT_TRUE(editor_.show("billing"));
}

TEST_F(ApplicationEditorTest, RemovesARecordThatIsBad) {
  write_row("billing", "[]");
  EXPECT_TRUE(editor_.remove("billing"));
}

TEST_F(ApplicationEditorTest, ShowsWhatIsWrongWithARecord) {
  write_row("billing", R"({"enbled": true})");
  const auto shown = editor_.show("billing");
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().fault, EditFault::bad_record);
  EXPECT_EQ(shown.error().fields.at(0).field, "enbled");
}

TEST_F(ApplicationEditorTest, ListsGoodRecordsById) {
  for (const char* id : {"b", "c", "a"})
    ASSERT_TRUE(editor_.create(record_with("client_id", id)));
  write_row("bad", "[]");
  const std::vector<Application> applications = editor_.list();
  ASSERT_EQ(applications.size(), 3U);
  EXPECT_EQ(applications[0].id, "a");
  EXPECT_EQ(applications[2].id, "c");
}

TEST_F(ApplicationEditorTest, ImportsNewRecordsAndReplacesOldOnes) {
  ASSERT_TRUE(editor_.create(billing_record()));
  const auto imported =
      editor_.import({record_with("name", "Replaced"), record_with("client_id", "shipping")});
  ASSERT_TRUE(imported);
  EXPECT_EQ(*imported, 2U);
  EXPECT_EQ(editor_.show("billing")->name, "Replaced");
  EXPECT_TRUE(editor_.show("shipping"));
}

TEST_F(ApplicationEditorTest, ImportsNothingIfOneRecordIsBad) {
  const auto imported =
      editor_.import({billing_record(), record_with("enabled", 1), json::array{}});
  ASSERT_FALSE(imported);
  EXPECT_EQ(to_text(imported.error().fields), "applications[1].enabled: must be true or false; "
                                              "applications[2]: must be a JSON object");
  EXPECT_TRUE(editor_.list().empty());
}

TEST_F(ApplicationEditorTest, ImportsNothingIfOneIdStandsThereTwice) {
  const auto imported = editor_.import({billing_record(), billing_record()});
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().fields.at(0).field, "applications[1].client_id");
  EXPECT_TRUE(editor_.list().empty());
}

TEST_F(ApplicationEditorTest, ImportsAnEmptyList) { EXPECT_EQ(*editor_.import({}), 0U); }

} // namespace
} // namespace assay::registry
