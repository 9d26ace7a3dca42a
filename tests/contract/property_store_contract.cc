#include "contract/property_store_contract.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "support/scratch_folder.h"

namespace assay::contract {

using registry::Property;
using registry::PropertyChange;
using registry::PropertyStore;
using registry::PropertyWrite;
using registry::Version;

void PrintTo(const PropertyStoreBackEnd& back_end, std::ostream* out) { *out << back_end.name; }

namespace {

constexpr std::string_view kTable = "Colours";

PropertyWrite put(std::string key, std::string value, std::optional<Version> expected = {}) {
  return {std::move(key), std::move(value), expected};
}

PropertyWrite erase(std::string key, std::optional<Version> expected = {}) {
  return {std::move(key), std::nullopt, expected};
}

bool apply(PropertyStore& store, std::vector<PropertyWrite> writes) {
  return store.apply(kTable, writes);
}

std::optional<std::string> value_of(PropertyStore& store, std::string_view key) {
  const auto row = store.find(kTable, key);
  return row ? std::optional(row->value) : std::nullopt;
}

// What changed, for comparing: `red=1 blue-`.
std::string changes(PropertyStore& store, Version version) {
  std::string text;
  for (const PropertyChange& change : store.changes_since(kTable, version)) {
    text += text.empty() ? "" : " ";
    text += change.key + (change.value ? "=" + *change.value : "-");
  }
  return text;
}

class PropertyStoreContract : public ::testing::TestWithParam<PropertyStoreBackEnd> {
protected:
  std::unique_ptr<PropertyStore> open() const { return GetParam().open(folder_.path()); }

  Version version_of(std::string_view key) { return store_->find(kTable, key)->version; }

  testing::ScratchFolder folder_;
  std::unique_ptr<PropertyStore> store_ = open();
};

TEST_P(PropertyStoreContract, IsEmptyAtFirst) {
  EXPECT_FALSE(store_->find(kTable, "red"));
  EXPECT_TRUE(store_->changes_since(kTable, 0).empty());
}

TEST_P(PropertyStoreContract, FindsWhatWasWritten) {
  ASSERT_TRUE(apply(*store_, {put("red", R"({"hex":"f00"})")}));
  const auto row = store_->find(kTable, "red");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->key, "red");
  EXPECT_EQ(row->value, R"({"hex":"f00"})");
  EXPECT_GT(row->version, 0U);
  EXPECT_FALSE(store_->find(kTable, "re"));
  EXPECT_FALSE(store_->find(kTable, "RED"));
}

TEST_P(PropertyStoreContract, NamesTheTablesThatHaveARow) {
  EXPECT_TRUE(store_->tables().empty());
  ASSERT_TRUE(apply(*store_, {put("red", "1"), put("blue", "2")}));
  const PropertyWrite round = put("round", "3");
  ASSERT_TRUE(store_->apply("Shapes", {&round, 1}));
  auto names = store_->tables();
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"Colours", "Shapes"}));
  ASSERT_TRUE(apply(*store_, {erase("red"), erase("blue")}));
  EXPECT_EQ(store_->tables(), std::vector<std::string>{"Shapes"});
}

TEST_P(PropertyStoreContract, KeepsTablesApart) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  EXPECT_FALSE(store_->find("Shapes", "red"));
  EXPECT_TRUE(store_->changes_since("Shapes", 0).empty());
  const PropertyWrite write = put("red", "2", 0);
  EXPECT_TRUE(store_->apply("Shapes", {&write, 1}));
  EXPECT_EQ(value_of(*store_, "red"), "1");
}

TEST_P(PropertyStoreContract, KeepsAnyText) {
  const std::string key = "a 'quoted' \"key\" \\ caf\xC3\xA9 %00";
  const std::string value = R"({"text":"caf)"
                            "\xC3\xA9"
                            R"( 'and' \"more\" \\ \n"})";
  ASSERT_TRUE(apply(*store_, {put(key, value)}));
  EXPECT_EQ(value_of(*store_, key), value);
}

TEST_P(PropertyStoreContract, KeepsALongText) {
  const std::string value = '"' + std::string(2'000'000, 'x') + '"';
  ASSERT_TRUE(apply(*store_, {put("long", value)}));
  EXPECT_EQ(value_of(*store_, "long"), value);
}

TEST_P(PropertyStoreContract, ReplacesARow) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  ASSERT_TRUE(apply(*store_, {put("red", "2")}));
  EXPECT_EQ(value_of(*store_, "red"), "2");
  EXPECT_EQ(changes(*store_, 0), "red=2");
}

TEST_P(PropertyStoreContract, GivesEveryWriteANewVersionEvenOfTheSameText) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  const Version first = version_of("red");
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  EXPECT_GT(version_of("red"), first);
}

TEST_P(PropertyStoreContract, ErasesARow) {
  ASSERT_TRUE(apply(*store_, {put("red", "1"), put("blue", "2")}));
  ASSERT_TRUE(apply(*store_, {erase("red")}));
  EXPECT_FALSE(store_->find(kTable, "red"));
  EXPECT_EQ(changes(*store_, 0), "blue=2");
}

TEST_P(PropertyStoreContract, TakesTheErasureOfWhatIsNotThereAsNoChange) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  const Version before = version_of("red");
  EXPECT_TRUE(apply(*store_, {erase("blue")}));
  EXPECT_TRUE(apply(*store_, {erase("blue", 0)}));
  EXPECT_EQ(changes(*store_, before), "");
}

TEST_P(PropertyStoreContract, TakesNoWritesAsNoChange) { EXPECT_TRUE(apply(*store_, {})); }

TEST_P(PropertyStoreContract, RefusesToCreateWhatExists) {
  ASSERT_TRUE(apply(*store_, {put("red", "1", 0)}));
  EXPECT_FALSE(apply(*store_, {put("red", "2", 0)}));
  EXPECT_EQ(value_of(*store_, "red"), "1");
}

TEST_P(PropertyStoreContract, CreatesAgainWhatWasErased) {
  ASSERT_TRUE(apply(*store_, {put("red", "1", 0)}));
  const Version first = version_of("red");
  ASSERT_TRUE(apply(*store_, {erase("red", first)}));
  EXPECT_TRUE(apply(*store_, {put("red", "2", 0)}));
  EXPECT_GT(version_of("red"), first);
}

TEST_P(PropertyStoreContract, RefusesAWriteThatExpectsAnOlderVersion) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  const Version first = version_of("red");
  EXPECT_TRUE(apply(*store_, {put("red", "2", first)}));
  EXPECT_FALSE(apply(*store_, {put("red", "3", first)}));
  EXPECT_FALSE(apply(*store_, {erase("red", first)}));
  EXPECT_EQ(value_of(*store_, "red"), "2");
}

TEST_P(PropertyStoreContract, RefusesAWriteThatExpectsARowWhichIsGone) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  const Version first = version_of("red");
  ASSERT_TRUE(apply(*store_, {erase("red")}));
  EXPECT_FALSE(apply(*store_, {put("red", "2", first)}));
  EXPECT_FALSE(
      apply(*store_, {put("red", "2", first + 1)})); // nor is the erasure's a row's version
  EXPECT_FALSE(apply(*store_, {put("never there", "2", 1)}));
}

TEST_P(PropertyStoreContract, WritesNothingIfOneOfManyDoesNotFit) {
  ASSERT_TRUE(apply(*store_, {put("red", "1"), put("blue", "1")}));
  const Version latest = version_of("blue");
  EXPECT_FALSE(apply(*store_, {put("red", "2"), erase("blue"), put("green", "2", latest)}));
  EXPECT_EQ(changes(*store_, 0), "red=1 blue=1");
  EXPECT_EQ(changes(*store_, latest), "");
}

TEST_P(PropertyStoreContract, ListsChangesInTheOrderOfTheirVersions) {
  ASSERT_TRUE(apply(*store_, {put("red", "1"), put("blue", "1"), put("green", "1")}));
  const auto all = store_->changes_since(kTable, 0);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_LT(all[0].version, all[1].version);
  EXPECT_LT(all[1].version, all[2].version);

  const Version before = all.back().version;
  EXPECT_EQ(changes(*store_, before), "");
  ASSERT_TRUE(apply(*store_, {put("red", "2")}));
  ASSERT_TRUE(apply(*store_, {put("yellow", "1")}));
  ASSERT_TRUE(apply(*store_, {erase("blue")}));
  EXPECT_EQ(changes(*store_, before), "red=2 yellow=1 blue-");
  EXPECT_EQ(changes(*store_, version_of("red")), "yellow=1 blue-");
}

TEST_P(PropertyStoreContract, ListsARowOnceHoweverOftenItChanged) {
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  const Version before = version_of("red");
  for (const char* value : {"2", "3", "4"})
    ASSERT_TRUE(apply(*store_, {put("red", value)}));
  EXPECT_EQ(changes(*store_, before), "red=4");
}

TEST_P(PropertyStoreContract, HoldsManyRows) {
  std::vector<PropertyWrite> writes;
  for (int number = 0; number < 2000; ++number)
    writes.push_back(put("key" + std::to_string(number), std::to_string(number)));
  ASSERT_TRUE(apply(*store_, writes));
  EXPECT_EQ(store_->changes_since(kTable, 0).size(), 2000U);
  EXPECT_EQ(value_of(*store_, "key1999"), "1999");
}

std::vector<PropertyStoreBackEnd> shared_back_ends() {
  auto back_ends = property_store_back_ends();
  std::erase_if(back_ends, [](const auto& each) { return each.sharing == Sharing::separate; });
  return back_ends;
}

std::string name_of(const ::testing::TestParamInfo<PropertyStoreBackEnd>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(All, PropertyStoreContract,
                         ::testing::ValuesIn(property_store_back_ends()), name_of);

// What holds beyond that where several stores, of one process or of many, are views of one thing.
class SharedPropertyStoreContract : public PropertyStoreContract {};

TEST_P(SharedPropertyStoreContract, KeepsItsRowsAcrossRestarts) {
  if (GetParam().sharing == Sharing::separate) GTEST_SKIP() << "is gone with its object";
  ASSERT_TRUE(apply(*store_, {put("red", "1"), put("blue", "2")}));
  ASSERT_TRUE(apply(*store_, {erase("blue")}));
  store_.reset();
  store_ = open();
  EXPECT_EQ(changes(*store_, 0), "red=1");
  EXPECT_FALSE(apply(*store_, {put("red", "2", 0)}));
  EXPECT_TRUE(apply(*store_, {put("red", "2", version_of("red"))}));
  EXPECT_TRUE(apply(*store_, {put("blue", "3", 0)}));
}

TEST_P(SharedPropertyStoreContract, SeesWhatAnotherStoreWrites) {
  if (GetParam().sharing == Sharing::separate) GTEST_SKIP() << "shares nothing";
  ASSERT_TRUE(apply(*store_, {put("red", "1"), put("blue", "1")}));
  const auto other = open();
  const Version before = store_->changes_since(kTable, 0).back().version;

  ASSERT_TRUE(apply(*other, {put("red", "2")}));
  ASSERT_TRUE(apply(*other, {erase("blue")}));
  EXPECT_EQ(value_of(*store_, "red"), "2");
  EXPECT_FALSE(store_->find(kTable, "blue"));

  std::vector<std::string> changed;
  for (const PropertyChange& change : store_->changes_since(kTable, before))
    changed.push_back(change.key);
  std::ranges::sort(changed);
  EXPECT_EQ(changed, (std::vector<std::string>{"blue", "red"}));
}

TEST_P(SharedPropertyStoreContract, RefusesAWriteOverWhatAnotherStoreWrote) {
  if (GetParam().sharing == Sharing::separate) GTEST_SKIP() << "shares nothing";
  ASSERT_TRUE(apply(*store_, {put("red", "1")}));
  const auto other = open();
  const Version mine = version_of("red");
  ASSERT_TRUE(apply(*other, {put("red", "2")}));
  ASSERT_TRUE(apply(*other, {put("blue", "2")}));
  EXPECT_FALSE(apply(*store_, {put("red", "3", mine)}));
  EXPECT_FALSE(apply(*store_, {put("blue", "3", 0)}));
  EXPECT_EQ(value_of(*store_, "red"), "2");
}

INSTANTIATE_TEST_SUITE_P(All, SharedPropertyStoreContract, ::testing::ValuesIn(shared_back_ends()),
                         name_of);

// The same contract with threads against each other, each with a store of its own where stores can
// be shared.
class PropertyStoreRaces : public PropertyStoreContract {
protected:
  static constexpr int kThreads = 4;

  void in_threads(const std::function<void(PropertyStore&)>& act) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        const auto own = GetParam().sharing == Sharing::shared ? open() : nullptr;
        act(own ? *own : *store_);
      });
    }
  }
};

// Adds one to the number in the row, again and again until nobody was faster.
void increment(PropertyStore& store, std::string_view key) {
  for (;;) {
    const auto row = store.find(kTable, key);
    const std::string next = row ? std::to_string(std::stoi(row->value) + 1) : "1";
    if (apply(store, {put(std::string(key), next, row ? row->version : 0)})) return;
  }
}

TEST_P(PropertyStoreRaces, LetOneOfManyCreators) {
  constexpr int kRounds = 5;
  std::atomic<int> winners = 0;
  in_threads([&](PropertyStore& store) {
    for (int round = 0; round < kRounds; ++round)
      winners += apply(store, {put("key" + std::to_string(round), "1", 0)}) ? 1 : 0;
  });
  EXPECT_EQ(winners, kRounds);
}

// As a server and a command do that are started together for the first time.
TEST_P(PropertyStoreRaces, MakeOnePlaceTogether) {
  if (GetParam().sharing == Sharing::separate) return;
  const auto place = folder_ / "fresh";
  std::filesystem::create_directory(place);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, key = std::to_string(thread)] {
      EXPECT_TRUE(apply(*GetParam().open(place), {put(key, "1", 0)}));
    });
  }
  threads.clear();
  EXPECT_EQ(GetParam().open(place)->changes_since(kTable, 0).size(), std::size_t{kThreads});
}

TEST_P(PropertyStoreRaces, LoseNoUpdate) {
  constexpr int kRounds = 10;
  in_threads([&](PropertyStore& store) {
    for (int round = 0; round < kRounds; ++round)
      increment(store, "count");
  });
  EXPECT_EQ(value_of(*store_, "count"), std::to_string(kThreads * kRounds));
}

TEST_P(PropertyStoreRaces, LoseNoUpdateThroughOneStore) {
  constexpr int kRounds = 10;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round)
        increment(*store_, "count");
    });
  }
  threads.clear();
  EXPECT_EQ(value_of(*store_, "count"), std::to_string(kThreads * kRounds));
}

// Two rows that are written together are never seen apart.
TEST_P(PropertyStoreRaces, ShowNobodyHalfOfAWrite) {
  constexpr int kRounds = 20;
  ASSERT_TRUE(apply(*store_, {put("left", "0"), put("right", "0")}));
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    for (int round = 1; round <= kRounds; ++round)
      apply(*store_, {put("left", std::to_string(round)), put("right", std::to_string(round))});
    done = true;
  });
  const auto own = GetParam().sharing == Sharing::shared ? open() : nullptr;
  PropertyStore& reader = own ? *own : *store_;
  while (!done) {
    const auto rows = reader.changes_since(kTable, 0);
    ASSERT_EQ(rows.size(), 2U);
    ASSERT_EQ(rows[0].value, rows[1].value);
  }
}

INSTANTIATE_TEST_SUITE_P(Concurrent, PropertyStoreRaces,
                         ::testing::ValuesIn(property_store_back_ends()), name_of);

} // namespace
} // namespace assay::contract
