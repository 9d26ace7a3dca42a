#include "registry/key_fetcher.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/memory/memory_property_store.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow = std::chrono::sys_days{std::chrono::March / 1 / 2026} + 12h;
constexpr const char* kTable = "Applications";
const std::string kUri = "https://billing.example/keys";

// What is at the URLs.
class FakeSite {
public:
  fetch::FetchResult answer(const std::string& uri) {
    ++calls_;
    std::unique_lock lock(mutex_);
    open_.wait(lock, [&] { return uri != held_; });
    if (keys_.empty()) return std::unexpected(fetch::FetchFault{"nobody listens"});
    return fetch::FetchAnswer{
        .status = 200, .fields = {}, .body = json::serialize(json::object{{"keys", keys_}})};
  }

  void publish(const std::vector<jose::PrivateKey>& keys) {
    const std::lock_guard lock(mutex_);
    keys_.clear();
    for (const jose::PrivateKey& key : keys)
      keys_.push_back(public_jwk(key));
  }

  // That URL does not answer until let_go().
  void hold(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    held_ = uri;
  }
  void let_go() {
    hold({});
    open_.notify_all();
  }

  int calls() const { return calls_; }

private:
  std::mutex mutex_;
  std::condition_variable open_;
  json::array keys_;
  std::string held_;
  std::atomic<int> calls_ = 0;
};

class BreakableStore final : public PropertyStore {
public:
  std::optional<Property> find(std::string_view table, std::string_view key) override {
    return store_.find(table, key);
  }
  std::vector<PropertyChange> changes_since(std::string_view table, Version version) override {
    return store_.changes_since(table, version);
  }
  std::vector<std::string> tables() override { return store_.tables(); }
  bool apply(std::string_view table, std::span<const PropertyWrite> writes) override {
    if (broken) throw Unavailable("the store is broken");
    return store_.apply(table, writes);
  }

  std::atomic<bool> broken = false;

private:
  stores::MemoryPropertyStore store_;
};

class ConcurrentKeyFetcher : public ::testing::Test {
protected:
  ConcurrentKeyFetcher() {
    site_.publish({testing::rsa_key()});
    register_with(kUri);
  }
  ~ConcurrentKeyFetcher() override {
    site_.let_go();
    threads_.close();
  }

  // The application `billing` has the key ec-1 in its record.
  void register_with(const std::string& uri, const std::string& id = "billing",
                     bool enabled = true) {
    json::object record = record_with("jwks_uri", json::value(uri));
    record["client_id"] = id;
    record["enabled"] = enabled;
    write(id, json::serialize(record));
  }
  void write(const std::string& id, std::optional<std::string> record) {
    const PropertyWrite change{id, std::move(record), std::nullopt};
    store_.apply(kTable, {&change, 1});
    applications_.refresh();
  }

  std::shared_ptr<const Application> billing() const { return applications_.find("billing"); }
  std::vector<std::string> key_ids() const {
    std::vector<std::string> ids;
    for (const RegisteredKey& key : billing()->keys)
      ids.push_back(key.key_id.value_or(""));
    return ids;
  }
  std::optional<KeySource> row() { return KeySourceStore(store_, kTable).find("billing"); }

  // With two threads, routine jobs run one after the other.
  void finish_routine() {
    std::promise<void> done;
    threads_.post(fetch::Urgency::routine, [&] { done.set_value(); });
    done.get_future().wait();
  }
  void run_due_at(TimePoint now) {
    now_ = now;
    fetcher_.run_due(now);
    finish_routine();
  }

  // Requests whose assertions name these keys, all at once; returns when they go on.
  void await_keys(const std::vector<std::optional<std::string>>& key_ids, TimePoint now) {
    now_ = now;
    begin_to_await(key_ids, now);
    loop_.run();
    loop_.restart();
  }
  void begin_to_await(const std::vector<std::optional<std::string>>& key_ids, TimePoint now) {
    for (const auto& key_id : key_ids)
      asio::co_spawn(loop_, fetcher_.fetch_for(billing(), key_id, now),
                     [this](const std::exception_ptr& fault) {
                       EXPECT_EQ(fault, nullptr);
                       ++went_on_;
                     });
    loop_.poll();
    loop_.restart();
  }

  BreakableStore store_;
  ApplicationRegistry applications_{store_, kTable, [](auto, auto) {}};
  FakeSite site_;
  std::atomic<TimePoint> now_ = kNow;
  std::mutex reports_mutex_;
  std::vector<std::string> reports_;
  KeySourceSettings settings_;
  asio::io_context loop_{1};
  int went_on_ = 0;
  fetch::FetchThreads threads_{2};
  KeyFetcher fetcher_{
      {.applications = applications_,
       .rows = KeySourceStore(store_, kTable),
       .threads = threads_,
       .fetch = [this](const std::string& uri, const std::string&) { return site_.answer(uri); },
       .clock = [this] { return now_.load(); },
       .report =
           [this](std::string_view, std::string_view what) {
             const std::lock_guard lock(reports_mutex_);
             reports_.emplace_back(what);
           }},
      settings_};
};

using Ids = std::vector<std::string>;

TEST_F(ConcurrentKeyFetcher, FetchesTheKeysOfANewUriAtOnce) {
  run_due_at(kNow);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-1"}));
  EXPECT_EQ(row()->fetched_at, kNow);
}

TEST_F(ConcurrentKeyFetcher, FetchesAgainWhenTheKeysAreNoLongerFresh) {
  run_due_at(kNow);
  site_.publish({testing::other_rsa_key()});
  run_due_at(kNow + 1h - 1s);
  EXPECT_EQ(site_.calls(), 1);
  run_due_at(kNow + 1h);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-2"}));
}

TEST_F(ConcurrentKeyFetcher, KeepsTheLastGoodKeysAndReportsTheFirstFailure) {
  run_due_at(kNow);
  site_.publish({});
  run_due_at(kNow + 1h);
  run_due_at(kNow + 1h + 59s);
  EXPECT_EQ(site_.calls(), 2);
  run_due_at(kNow + 1h + 60s);
  EXPECT_EQ(site_.calls(), 3);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-1"}));
  EXPECT_EQ(row()->fault->failures, 2U);
  EXPECT_EQ(reports_, Ids{"no keys from " + kUri + ": nobody listens"});
}

TEST_F(ConcurrentKeyFetcher, FetchesNothingForADisabledApplication) {
  register_with(kUri, "billing", false);
  run_due_at(kNow);
  await_keys({"rsa-1"}, kNow);
  EXPECT_EQ(site_.calls(), 0);
}

TEST_F(ConcurrentKeyFetcher, FetchesASourceOnceAtATime) {
  site_.hold(kUri);
  fetcher_.run_due(kNow);
  fetcher_.run_due(kNow);
  site_.let_go();
  finish_routine();
  EXPECT_EQ(site_.calls(), 1);
}

TEST_F(ConcurrentKeyFetcher, CountsNoKeysOfAUriThatWasChangedMeanwhile) {
  site_.hold(kUri);
  fetcher_.run_due(kNow);
  while (site_.calls() == 0)
    std::this_thread::yield();
  register_with(kUri + "2");
  site_.let_go();
  finish_routine();
  EXPECT_EQ(key_ids(), Ids{"ec-1"});
  run_due_at(kNow);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-1"}));
  EXPECT_EQ(row()->origin.uri, kUri + "2");
}

TEST_F(ConcurrentKeyFetcher, ForgetsASourceWhoseApplicationIsGoneOnceItsKeysAreOver) {
  run_due_at(kNow);
  write("billing", std::nullopt);
  run_due_at(kNow + 24h - 1s);
  EXPECT_TRUE(row());
  run_due_at(kNow + 24h);
  EXPECT_FALSE(row());
  EXPECT_EQ(site_.calls(), 1);
}

// Their server is not to suffer for it.
TEST_F(ConcurrentKeyFetcher, WaitsBeforeItFetchesAgainWhatCouldNotBeStored) {
  store_.broken = true;
  run_due_at(kNow);
  run_due_at(kNow + 59s);
  EXPECT_FALSE(fetcher_.could_bring(*billing(), "rsa-1", kNow + 59s));
  EXPECT_EQ(site_.calls(), 1);
  EXPECT_EQ(reports_, Ids{"the store is broken"});
  store_.broken = false;
  run_due_at(kNow + 60s);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-1"}));
}

TEST_F(ConcurrentKeyFetcher, BringsAnUnknownKeyWhileItsRequestWaits) {
  run_due_at(kNow);
  site_.publish({testing::other_rsa_key()});
  ASSERT_TRUE(fetcher_.could_bring(*billing(), "rsa-2", kNow + 1s));
  await_keys({"rsa-2"}, kNow + 1s);
  EXPECT_EQ(went_on_, 1);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-2"}));
}

TEST_F(ConcurrentKeyFetcher, HasAllWhoWaitShareOneFetch) {
  run_due_at(kNow);
  site_.publish({testing::other_rsa_key()});
  site_.hold(kUri);
  begin_to_await(std::vector<std::optional<std::string>>(50, "rsa-2"), kNow + 1s);
  EXPECT_EQ(went_on_, 0);
  site_.let_go();
  loop_.run();
  EXPECT_EQ(went_on_, 50);
  EXPECT_EQ(site_.calls(), 2);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-2"}));
}

TEST_F(ConcurrentKeyFetcher, FetchesOnceAPauseForAFloodOfMadeUpKeys) {
  run_due_at(kNow);
  for (int number = 0; number < 100; ++number)
    await_keys({"made-up-" + std::to_string(number)}, kNow + 1s);
  EXPECT_EQ(site_.calls(), 2);
  EXPECT_FALSE(fetcher_.could_bring(*billing(), "another", kNow + 30s));
  EXPECT_TRUE(fetcher_.could_bring(*billing(), "another", kNow + 31s));
  EXPECT_EQ(went_on_, 100);
}

TEST_F(ConcurrentKeyFetcher, RemembersForAWhileWhichKeysAFetchDidNotBring) {
  run_due_at(kNow);
  await_keys({"made-up"}, kNow);
  EXPECT_FALSE(fetcher_.could_bring(*billing(), "made-up", kNow + 31s));
  EXPECT_TRUE(fetcher_.could_bring(*billing(), "another", kNow + 31s));
  // The key may have been published since.
  EXPECT_TRUE(fetcher_.could_bring(*billing(), "made-up", kNow + 300s));
}

TEST_F(ConcurrentKeyFetcher, DoesNotTakeAKeyForMissingWhenNobodyAnswered) {
  run_due_at(kNow);
  site_.publish({});
  await_keys({"rsa-2"}, kNow);
  EXPECT_EQ(site_.calls(), 2);
  EXPECT_TRUE(fetcher_.could_bring(*billing(), "rsa-2", kNow + 31s));
}

TEST_F(ConcurrentKeyFetcher, FetchesNothingForAKeyThatIsThere) {
  run_due_at(kNow);
  EXPECT_FALSE(fetcher_.could_bring(*billing(), "rsa-1", kNow + 1h));
  EXPECT_FALSE(fetcher_.could_bring(*billing(), "ec-1", kNow + 1h));
  // Once it is over, it is not there any more.
  EXPECT_TRUE(fetcher_.could_bring(*billing(), "rsa-1", kNow + 24h));
}

TEST_F(ConcurrentKeyFetcher, FetchesForAnAssertionWithoutKidOnlyWhileThereIsNothing) {
  EXPECT_TRUE(fetcher_.could_bring(*billing(), {}, kNow));
  await_keys({std::nullopt}, kNow);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-1"}));
  EXPECT_FALSE(fetcher_.could_bring(*billing(), {}, kNow + 1h));
  EXPECT_TRUE(fetcher_.could_bring(*billing(), {}, kNow + 24h));
}

TEST_F(ConcurrentKeyFetcher, FetchesNothingForAnApplicationWithoutUri) {
  register_with("");
  EXPECT_FALSE(fetcher_.could_bring(*billing(), "rsa-1", kNow));
  run_due_at(kNow);
  EXPECT_EQ(site_.calls(), 0);
}

// At a start many are due, and some of their servers may not answer.
TEST_F(ConcurrentKeyFetcher, LetsAnAwaitedFetchOvertakeThoseThatAreOnlyDue) {
  const std::string slow = "https://slow.example/keys";
  register_with(slow, "a-slow-one");
  site_.hold(slow);
  write("billing", std::nullopt);
  fetcher_.run_due(kNow);
  while (site_.calls() == 0)
    std::this_thread::yield();
  register_with(kUri);
  fetcher_.run_due(kNow); // behind the slow one
  await_keys({"rsa-1"}, kNow);
  EXPECT_EQ(key_ids(), (Ids{"ec-1", "rsa-1"}));
  site_.let_go();
  finish_routine();
  EXPECT_EQ(site_.calls(), 2);
}

TEST_F(ConcurrentKeyFetcher, KeepsNobodyWaitingWhenItsThreadsEnd) {
  site_.hold(kUri);
  std::promise<void> go_on;
  const auto held = go_on.get_future().share();
  std::latch running(2);
  for (int number = 0; number < 2; ++number)
    threads_.post(fetch::Urgency::awaited, [&running, held] {
      running.count_down();
      held.wait();
    });
  running.wait();
  begin_to_await({"rsa-1", "rsa-1"}, kNow);
  std::jthread closing([this] { threads_.close(); });
  loop_.run();
  EXPECT_EQ(went_on_, 2);
  EXPECT_EQ(site_.calls(), 0);
  go_on.set_value();
}

TEST_F(ConcurrentKeyFetcher, KeepsARequestNoLongerThanItsWait) {
  KeySourceSettings impatient;
  impatient.wait = 1ms;
  KeyFetcher fetcher(
      {applications_, KeySourceStore(store_, kTable), threads_,
       [this](const std::string& uri, const std::string&) { return site_.answer(uri); },
       [this] { return now_.load(); }, [](auto, auto) {}},
      impatient);
  site_.hold(kUri);
  bool went_on = false;
  asio::co_spawn(loop_, fetcher.fetch_for(billing(), "rsa-1", kNow), [&](auto) { went_on = true; });
  while (!went_on)
    loop_.run_one();
  site_.let_go();
  threads_.close();
}

TEST(KeyFetchOverHttps, GoesToPrivateAddressesOnlyIfTheyAreAllowed) {
  KeySourceSettings settings;
  const std::string nobody = "https://127.0.0.1:1/keys";
  const auto refused = key_fetch_over_https(settings)(nobody, "");
  EXPECT_EQ(refused.error().what, "an address that is loopback is refused here: 127.0.0.1");
  settings.allowed_addresses = {"10.0.0.0/8", "127.0.0.0/8"};
  const auto failed = key_fetch_over_https(settings)(nobody, "");
  EXPECT_FALSE(failed.error().what.contains("refused here")) << failed.error().what;
}

} // namespace
} // namespace assay::registry
